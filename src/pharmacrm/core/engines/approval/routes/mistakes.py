"""What can be wrong in the definition of a route (流程定义错误), in both languages."""

from collections.abc import Iterable
from typing import Final

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.words import Words, listed

LOWER_CASE: Final = Words("a lower-case word is wanted", "须为小写字母开头的代码")
VERSION: Final = Words("a version is a whole number from 1", "版本须为不小于 1 的整数")
PRIORITY: Final = Words("a priority is a whole number", "优先级须为整数")
WHOLE_ROUTE: Final = Words("a whole route is an error or skipped", "整个流程只能报错或跳过")
TAKEN: Final = Words("the name is taken", "名称重复")
NO_FIELD: Final = Words("there is no such field", "没有此字段")
NO_STEP: Final = Words("there is no such step", "没有此环节")
NO_MEMBERS: Final = Words("a group has members", "环节组不能为空")
SOMEBODY_DECIDES: Final = Words("somebody has to decide", "须指定审批人")
SOMEBODY_SIGNS: Final = Words("somebody has to sign", "须指定签字人")
WHO_IS_ABOVE: Final = Words("say who is above", "须指定上级审批人")
OUT_OF_RANGE: Final = Words("a number out of range", "数值超出范围")
EARLIER_STEP: Final = Words("an earlier step is wanted", "须为之前的环节")
CHINESE_NAME: Final = Words("a Chinese name is wanted", "须有中文名称")
BOTH_LANGUAGES: Final = Words("a meaning is said in both languages", "签字含义须有中英文两种文字")
CHECK_TWICE: Final = Words("the check stands twice", "核查项重复")
PERSON: Final = Words("a person is wanted", "须指定人员")
BAND: Final = Words("a band is wanted", "须有授权档")
LAST_BAND: Final = Words("only the last band has no end", "只有最后一档可以不设上限")
ONE_CURRENCY: Final = Words("bands are of one currency", "各授权档须为同一币种")
RISING: Final = Words("bands rise", "授权档的上限须逐档升高")
NO_VALUE: Final = Words("no value is wanted", "不需要值")
VALUE: Final = Words("a value is wanted", "须有值")
NOT_ITSELF: Final = Words("a step does not escalate to itself", "环节不能升级给自己的审批人")
SOME_HOURS: Final = Words("hours to remind, escalate or decide are wanted", "须有提醒、升级或自动决定的时限")
NO_CLOCK_SIGNS: Final = Words("no clock signs: reject by lapse", "到期不能自动签字，只能自动驳回")
IN_ORDER: Final = Words(
    "a reminder comes before an escalation, and that before a decision",
    "提醒须早于升级，升级须早于自动决定",
)
MISSING: Final = Words("the field is missing", "缺少此字段")
OBJECT: Final = Words("an object is wanted", "须为对象")
TEXT: Final = Words("a text is wanted", "须为文本")
NODE: Final = Words("a step, parallel or serial is wanted", "须为环节、并行组或串行组")
NAME_OF_STEP: Final = Words("the name of a step is wanted", "须为环节的名称")
QUORUM: Final = Words(
    "any, all, a number of persons, points or percent is wanted", "须为任一、全部、人数、分数或百分比"
)
AMOUNT: Final = Words("an amount and its currency are wanted", "须为金额及币种")
TRUE: Final = Words("true is wanted", "只能为真")
VALUES: Final = Words("a list with values is wanted", "须为非空列表")
CONDITION_VALUE: Final = Words(
    "a text, true, false or an object of number, money or date is wanted",
    "须为文本、真假值或数字、金额、日期对象",
)
_TYPES: Final = {
    str: Words("a text is wanted", "须为文本"),
    int: Words("a whole number is wanted", "须为整数"),
    bool: Words("true or false is wanted", "须为真或假"),
    list: Words("a list is wanted", "须为列表"),
    dict: Words("an object is wanted", "须为对象"),
}
_UNREAD: Final = {
    "json.depth": "嵌套层数过多",
    "json.format": "不是有效的定义文本",
    "json.number": "小数须写成文本，且不得为无效数值",
    "json.twice": "同一名称出现两次",
}


class RouteMistake(MalformedInput):
    """A mistake in a definition; `words` say it in both languages."""

    def __init__(self, code: str, words: Words, *, field: str, value: object) -> None:
        super().__init__(code, words.en, field=field, value=value)
        self.words = words


def mistake(code: str, words: Words, field: str, value: object) -> RouteMistake:
    """One mistake in a route, under `route.{code}`."""
    return RouteMistake(f"route.{code}", words, field=field, value=value)


def words_of(error: MalformedInput) -> Words:
    """What a mistake says in both languages, also where the text of a definition could not be read at all."""
    if isinstance(error, RouteMistake):
        return error.words
    return Words(error.message, _UNREAD.get(error.code, "无法读取"))


def a_type(kind: type) -> Words:
    """A value of another type is wanted."""
    return _TYPES[kind]


def one_of(known: Iterable[str]) -> Words:
    """One of these codes is wanted."""
    names = listed(known)
    return Words(f"one of {names.en} is wanted", f"须为 {names.zh} 之一")


def steps_up_to(most: int) -> Words:
    """A route has too many steps, or none."""
    return Words(f"a route has 1 to {most} steps", f"流程须有 1 至 {most} 个环节")


def signatures_up_to(most: int) -> Words:
    """Too many signatures follow."""
    return Words(f"at most {most} signatures follow", f"后续签字最多 {most} 个")


def nested_up_to(most: int) -> Words:
    """Groups are nested too deep."""
    return Words(f"groups are nested at most {most} deep", f"环节组最多嵌套 {most} 层")


def branches_up_to(most: int) -> Words:
    """More branches are wanted than there are."""
    return Words(f"all, any or 1 to {most} branches are wanted", f"须为全部、任一或 1 至 {most} 个分支")


def label_up_to(most: int) -> Words:
    """The Chinese name of a step is missing or too long."""
    return Words(
        f"a Chinese name of at most {most} characters is wanted", f"须有中文名称，最多 {most} 个字符"
    )


def weight_up_to(most: int) -> Words:
    """A weight is out of range."""
    return Words(f"a weight is 1 to {most}", f"权重须为 1 至 {most}")


def levels_up_to(most: int) -> Words:
    """A manager is looked for too far up."""
    return Words(f"levels are 1 to {most}", f"上级层数须为 1 至 {most}")


def hours_up_to(most: int) -> Words:
    """Hours are out of range."""
    return Words(f"1 to {most} working hours are wanted", f"须为 1 至 {most} 个工作小时")


def declared(kind: Words) -> Words:
    """A declared field of this kind is wanted."""
    return Words(f"a declared field of kind {kind.en} is wanted", f"须为已声明的{kind.zh}字段")


def wanted(kind: Words) -> Words:
    """A value of this kind is wanted."""
    return Words(f"{kind.en} is wanted", f"须为{kind.zh}")


def unordered(kind: Words) -> Words:
    """Values of this kind have no order."""
    return Words(f"{kind.en} is not smaller or larger", f"{kind.zh}不能比较大小")
