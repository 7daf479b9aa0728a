"""The people of the story: two regions below one company, with every role."""

from attrs import frozen

from pharmacrm.core.people import RegisterStaff, RegisterUnit
from pharmacrm.demo.company import Company

ADMIN = "admin"
STORY = "story"
"""The unit whose name says which story the store holds."""

COMPANY = "安和医药集团有限公司"
UNITS = {"east": "华东大区", "south": "华南大区"}


@frozen
class Person:
    """One member of staff: id, name, roles and unit."""

    id: str
    name: str
    role: str
    unit: str = "company"
    manager: str | None = None


STAFF = (
    Person("zhou.min", "周敏", "lead", "east"),
    Person("huang.wei", "黄伟", "lead", "south"),
    Person("zhang.lei", "张磊", "sales", "east", "zhou.min"),
    Person("liu.yang", "刘洋", "sales", "east", "zhou.min"),
    Person("chen.jing", "陈静", "sales", "south", "huang.wei"),
    Person("lin.feng", "林峰", "sales", "south", "huang.wei"),
    Person("li.na", "李娜", "assistant", "east"),
    Person("wang.fang", "王芳", "assistant", "south"),
    Person("zhao.qiang", "赵强", "dispatcher"),
    Person("qian.hui", "钱慧", "finance"),
    Person("sun.jian", "孙健", "finance"),
    Person("wu.gang", "吴刚", "warehouse"),
    Person("zheng.yan", "郑燕", "quality"),
    Person("feng.tao", "冯涛", "auditor"),
)
SALES = {unit: tuple(one.id for one in STAFF if (one.role, one.unit) == ("sales", unit)) for unit in UNITS}
LEADS = {one.unit: one.id for one in STAFF if one.role == "lead"}
ASSISTANTS = ("li.na", "wang.fang")
DISPATCHER, ACCOUNTANT, TREASURER = "zhao.qiang", "qian.hui", "sun.jian"
WAREHOUSE, QUALITY, AUDITOR = "wu.gang", "zheng.yan", "feng.tao"
NAMES = {one.id: one.name for one in STAFF}


def take_the_stage(company: Company) -> None:
    """Register the company's units and its people with their roles."""
    units = [RegisterUnit(id="company", name=COMPANY)]
    units += [RegisterUnit(id=STORY, name=str(company.scale), parent="company")]
    units += [RegisterUnit(id=id, name=name, parent="company") for id, name in UNITS.items()]
    people = [
        RegisterStaff(id=one.id, name=one.name, unit=one.unit, manager=one.manager, roles=(one.role,))
        for one in STAFF
    ]
    company.together((*units, *people), actor=ADMIN)
