"""Chinese readers get Chinese: the texts of every reason code, and what real reasons say."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from string import Formatter
from typing import Any

import pytest
from attrs import evolve

from pharmacrm.core.credit.checks import check_credit
from pharmacrm.core.credit.model import Reservation, ReservationState
from pharmacrm.core.credit.movements import apply
from pharmacrm.core.credit.parts import ExposureKind
from pharmacrm.core.credit.reservations import expire, post, release
from pharmacrm.core.engines.approval import CaseState
from pharmacrm.core.engines.approval.routes import mistakes
from pharmacrm.core.engines.holds import HoldState
from pharmacrm.core.flows.refusals import Refusal
from pharmacrm.core.flows.routing import route_mistake
from pharmacrm.core.flows.shipped_routes import RELEASE_CN
from pharmacrm.core.kernel.codec import loads
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.reason import Reason, ReasonCode, Severity
from pharmacrm.core.kernel.words import Words, listed
from pharmacrm.core.licences import Authorisation
from pharmacrm.core.licences.letters import check_letter
from pharmacrm.core.licences.model import Licence, Purpose
from pharmacrm.core.licences.sale import Sale
from pharmacrm.core.licences.status import standing
from pharmacrm.core.orders.lots import hold_lot, release_lot
from pharmacrm.core.orders.model import OrderState
from pharmacrm.core.orders.slips import check_records
from pharmacrm.core.orders.states import may_become
from pharmacrm.core.orders.values import Line, SalesFacts, SlipItem
from pharmacrm.core.prices import PriceList, check_prices
from pharmacrm.core.products import Pack, Product, check_product, to_base, whole_packs
from pharmacrm.core.receivables.gate import payment_gate
from pharmacrm.core.receivables.receipts import register
from pharmacrm.core.values.goods import Goods
from pharmacrm.core.values.licence_kinds import LicenceKind
from pharmacrm.core.values.roles import ROLES, role_name
from pharmacrm.core.values.trade import CustomerKind, MarketingClass, PaymentMethod, RxStatus, SalesChannel
from pharmacrm.crm.registry import Registry
from pharmacrm.plugins.manager import Plugins
from tests.credit.books import line as credit_line
from tests.credit.books import yuan
from tests.flows import house
from tests.flows.all_scenarios import SCENARIOS
from tests.orders.builders import lot, order_of, ship
from tests.receivables.ledger import receipt

CODES = sorted(Registry.of(Plugins(()).domains()).codes.values(), key=lambda code: code.code)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
HALF_WIDTH = re.compile(r"""[,;:!?()'"]|\.(?!\d)""")
DATA = re.compile(
    r"""
    CNY\ -?[\d,]+\.\d\d        # money
    | [a-z_]+@\d+               # versions of routes
    | “[a-z]+”(?=(之前的)?环节)  # steps and fields that the test has named itself
    | (?<=退回到\ )[a-z]+ | (?<=的\ )amount | (?<=字段\ )[a-z]+ | (?<=实际为\ )a\ lot
    | (?<=定义有误，位置\ )[\w.\[\]]*         # a place in a definition, what stands there, what could
    | (?<=实际为\ )[^（）]*(?=）) | (?<=须为\ )[a-z_]+(、[a-z_]+)*(?=\ 之一)
    | (?<=角色\ )[a-z]+ | (?<=流程\ )[a-z_]+ | (?<=单据类型：)[a-z]+ | (?<=政策\ )standard
    | [A-Z]\w*([-/.:]\w+)*     # ids, numbers of documents, currencies, names of commands
    | [a-z_]+\.[a-z_]+         # reason codes, actors
    | \b(east|south|nowhere|admin|system|broken|absent|boss|nobody|nothing|nonsense|x|k)\b  # ids of the tests
    | \b(speechless|board)\b   # a plugin, and what it is asked for
    | [\d.:/+-]+               # numbers, dates, times
    """,
    re.VERBOSE,
)
TRIAL = ("x", "y")
"""Subject and finding with which a door tries out each code of its domains."""
DAY = date(2026, 11, 21)


def left_over(text: str) -> list[str]:
    """What a Chinese reader would stumble over: Latin words that name no thing, and half-width marks."""
    bare = DATA.sub("", text)
    return re.findall(r"[A-Za-z]+|[,;:!?()'\"]", bare)


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


# ------------------------------------------------------------------------------------------ the templates


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_a_code_says_the_same_in_both_languages(code: ReasonCode) -> None:
    assert names(code.zh) == names(code.en)
    plain = re.sub(r"{\w+}", "", code.zh)
    assert CHINESE.search(plain)
    assert not HALF_WIDTH.search(plain)
    assert not re.search("[A-Za-z]", plain)
    assert len(code.en.split()) <= 15
    assert code.en == code.en.lower()


def test_every_state_role_and_kind_has_a_chinese_name() -> None:
    kinds = (OrderState, HoldState, CaseState, ReservationState, CustomerKind, RxStatus, MarketingClass)
    named = [each.zh for kind in (*kinds, LicenceKind, ExposureKind) for each in kind]
    assert not [zh for zh in [*named, *ROLES.values()] if not CHINESE.search(zh) or HALF_WIDTH.search(zh)]


def test_a_role_of_the_house_keeps_its_code() -> None:
    assert role_name("finance") == Words("finance", "财务")
    assert role_name("scribe") == Words("scribe", "scribe")
    assert RELEASE_CN.label("warehouse").zh == "仓库出库签字"
    assert RELEASE_CN.label("elsewhere").zh == "elsewhere"


def test_words_close_up_and_data_keeps_its_blanks() -> None:
    code = ReasonCode("a.b", Severity.BLOCK, "{subject} is {observed}", "单据 {subject} 现为 {observed} 状态")
    assert code("SO-1", observed="open").message_zh == "单据 SO-1 现为 open 状态"
    assert code("SO-1", observed=HoldState.OPEN).message_zh == "单据 SO-1 现为待处理状态"
    assert code("SO-1", observed=Words("1 box", "1 盒")).message_zh == "单据 SO-1 现为 1 盒状态"
    assert code("SO-1", observed=listed([HoldState.OPEN, "B"])).message_zh == "单据 SO-1 现为待处理、B 状态"
    assert code("客户", observed=7).message_zh == "单据 客户 现为 7 状态"


def test_programs_read_codes_where_people_read_names() -> None:
    (reason,) = may_become(order_of(Line("AMX", 1, "1"), state=OrderState.CLOSED)[0], OrderState.RELEASED)
    assert (reason.observed, reason.expected) == ("closed", "released")
    code = ReasonCode("a.b", Severity.BLOCK, "{field} of {subject}", "{subject} 的{field}")
    named = code("H-1", field="business_licence", named=LicenceKind.BUSINESS)
    assert (named.field, named.message, named.message_zh) == (
        "business_licence",
        "business licence of H-1",
        "H-1 的营业执照",
    )


# ------------------------------------------------------------------------------------------- real reasons

AT = datetime(2026, 11, 21, 2, tzinfo=UTC)
PRODUCT = Product(
    id="AMX",
    generic_name="阿莫西林",
    base_unit="片",
    packs=(Pack("盒", 6),),
    sales_pack="盒",
    category="antibiotic",
    rx=RxStatus.RX,
    marketing=MarketingClass.GENERIC,
)
RESERVED = Reservation(
    id="SO-1/credit",
    customer="H-1",
    order="SO-1",
    amount=yuan(100),
    posted=yuan(0),
    released=yuan(0),
    expires_at=AT + timedelta(days=30),
)
LAPSED = evolve(RESERVED, state=ReservationState.EXPIRED)
LETTER = Authorisation(
    id="A-1",
    customer="H-1",
    person="李雷",
    products=("AMX",),
    regions=("江苏省", "上海市"),
    valid_from=date(2026, 1, 1),
    valid_to=date(2026, 6, 30),
    purpose=Purpose.PICKUP,
)
PRICES = PriceList(id="STD", name="标准", currency="CNY", valid_from=date(2026, 12, 1))
GATE = {"prepaid": yuan(300), "cleared": yuan(120), "credit": yuan(50), "reserved": yuan(0)}


def letter(*letters: Authorisation, province: str = "") -> tuple[Reason, ...]:
    sale = Sale(
        buyer="H-1",
        kind=CustomerKind.HOSPITAL,
        on=DAY,
        ordered_on=DAY,
        channel=SalesChannel.OFFLINE,
        method=PaymentMethod.BANK_TRANSFER,
        purchaser="A-1",
        province=province,
    )
    goods = Goods(product="ATO", category="chemical", rx=RxStatus.RX)
    return check_letter(sale, (goods,), letters)


def licence(**changes: Any) -> Licence:
    return Licence(id="L-1", customer="H-1", kind=LicenceKind.BUSINESS, **changes)


SPOKEN: list[tuple[Iterable[Reason], list[str]]] = [
    (whole_packs(PRODUCT, 13), ["产品 AMX 的数量 13 片不是整包装数量（1 盒 = 6 片）"]),
    (to_base(PRODUCT, 1, "桶").reasons, ["产品 AMX 没有单位“桶”，可用：片、盒"]),
    (check_product(PRODUCT, "AMX", DAY), ["产品 AMX 无批准文号"]),
    (
        check_product(
            evolve(PRODUCT, approval_number="国药准字H42021510", approval_valid_until=date(2026, 1, 1)),
            "AMX",
            DAY,
        ),
        ["产品 AMX 批准文号有效期至 2026-01-01，2026-11-21 已失效"],
    ),
    (
        check_credit(credit_line(100), yuan(150), subject="SO-1"),
        ["SO-1 使信用占用达到 CNY 150.00（超出 CNY 50.00），额度 CNY 100.00"],
    ),
    (
        payment_gate("SO-1", **GATE),
        [
            "SO-1 须预付 CNY 300.00，已到账 CNY 120.00（尚缺 CNY 180.00）",
            "SO-1 须占用信用 CNY 50.00，已占用 CNY 0.00（尚缺 CNY 50.00）",
        ],
    ),
    (
        apply(credit_line(100), yuan(5), customer="H-001", cause="R-1").reasons,
        ["客户 H-001 的“未核销收款”将降为 CNY -5.00"],
    ),
    (
        register(receipt(cleared=False), receipt(allocated=yuan(60)), on=DAY).reasons,
        ["收款 R-1 已核销，“已到账”不能更改"],
    ),
    (release(LAPSED, cause="SO-1").reasons, ["信用预留 SO-1/credit 的状态已是“已失效”"]),
    (expire(RESERVED, at=AT).reasons, ["信用预留 SO-1/credit 有效至 2026-12-21 02:00 UTC"]),
    (
        post(LAPSED, yuan(5), slip="OUT-1", order="SO-1").reasons,
        ["信用预留 SO-1/credit 已于 2026-12-21 02:00 UTC 失效"],
    ),
    (
        may_become(order_of(Line("AMX", 1, "1"), state=OrderState.PART_SHIPPED)[0], OrderState.CANCELLED),
        ["订单 SO-1 状态为部分发货，不能变为已取消"],
    ),
    (
        ship(*order_of(Line("AMX", 1, "1"), state=OrderState.IN_APPROVAL), [SlipItem(1, "L1", 1)]).reasons,
        ["订单 SO-1 状态为审批中，未放行不得出库"],
    ),
    (release_lot(lot(), reason="r").reasons, ["批号 AMX/L1 已处于可售状态"]),
    (hold_lot(lot(held=True, hold_reason="r"), reason="r").reasons, ["批号 AMX/L1 已处于停售状态"]),
    (
        check_records(["AMX"], {"AMX": SalesFacts(generic_name="阿莫西林", manufacturer="某制药")}),
        ["AMX 的销售记录缺少规格、剂型、上市许可持有人"],
    ),
    (letter(), ["H-1 的授权书 A-1 未登记，不能用于采购"]),
    (
        letter(LETTER, province="浙江省"),
        [
            "H-1 的授权书 A-1 仅限提货，不能用于采购",
            "H-1 的授权书 A-1 有效期为 2026-01-01 至 2026-06-30，不能用于 2026-11-21",
            "H-1 的授权书 A-1 仅限区域：江苏省、上海市，不能用于浙江省",
            "H-1 的授权书 A-1 仅限产品：AMX，不能用于 ATO",
        ],
    ),
    (standing("H-1", [licence(revoked=True)], DAY), ["H-1 的营业执照（无编号）已撤销"]),
    (standing("H-1", [licence()], DAY), ["H-1 的营业执照尚未验证"]),
    (
        check_prices(PRICES, (), (), currency="CNY", on=DAY),
        ["价目表 STD 有效期为 2026-12-01 起，2026-11-21 须有效"],
    ),
    (
        check_prices(evolve(PRICES, active=False), (), (), currency="CNY", on=DAY),
        ["价目表 STD 已停用，2026-11-21 须有效"],
    ),
]


@pytest.mark.parametrize(
    ("found", "texts"), SPOKEN, ids=lambda value: value[0] if type(value) is list else ""
)
def test_rules_speak_chinese(found: Iterable[Reason], texts: list[str]) -> None:
    said = [reason.message_zh for reason in found]
    assert said == texts
    assert not [left for text in said for left in left_over(text)]


def mistakes_of_routes() -> list[Words]:
    """Everything that can be wrong in a definition, with a number or a code where one stands in it."""
    kind, most = Words("money", "金额"), 3
    made = [mistakes.one_of(["error", "skip"]), mistakes.a_type(list)]
    made += [each(kind) for each in (mistakes.declared, mistakes.wanted, mistakes.unordered)]
    made += [each(most) for name, each in sorted(vars(mistakes).items()) if name.endswith("_up_to")]
    return [*made, *(each for each in vars(mistakes).values() if isinstance(each, Words))]


def test_every_mistake_of_a_route_is_said_in_chinese() -> None:
    found = mistakes_of_routes()
    assert len(found) > 45
    said = [route_mistake("x", mistakes.mistake("shape", words, "steps[0].when", "b")) for words in found]
    assert not [one.message_zh for one in said if left_over(one.message_zh)]
    assert not [words for words in found if not CHINESE.search(words.zh)]


@pytest.mark.parametrize("text", ["{", "[" * 40, '{"a": 1.5}', '{"a": 1, "a": 2}', "NaN"])
def test_a_definition_that_cannot_be_read_is_refused_in_chinese(text: str) -> None:
    with pytest.raises(MalformedInput) as caught:
        loads(text)
    words = mistakes.words_of(caught.value)
    assert (words.en, left_over(words.zh), bool(CHINESE.search(words.zh))) == (caught.value.message, [], True)
    assert words.zh != "无法读取"


def test_a_denial_explains_itself_in_chinese() -> None:
    denied = Refusal(
        id="1", command="PlaceOrder", subject="", key="", actor="li.si", at=AT, denied=True, reasons=()
    )
    assert denied.explain("zh-CN") == "li.si 没有权限 PlaceOrder"


@pytest.mark.parametrize("code", sorted(SCENARIOS))
def test_nothing_that_the_door_says_is_half_english(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Reason] = []
    make = ReasonCode.__call__

    def kept(self: ReasonCode, *given: Any, **named: Any) -> Reason:
        made = make(self, *given, **named)
        if (made.subject, made.observed) != TRIAL:
            said.append(made)
        return made

    monkeypatch.setattr(ReasonCode, "__call__", kept)
    try:
        assert code in {reason.code for reason in SCENARIOS[code](house.open_house())}
    finally:
        house.close_all()
    assert any(reason.code == code for reason in said)
    assert not {
        reason.message_zh: left_over(reason.message_zh) for reason in said if left_over(reason.message_zh)
    }
