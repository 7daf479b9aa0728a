"""The summary at the end of the story, in Chinese with English titles."""

import re
from collections import Counter
from collections.abc import Iterator

from pharmacrm.core.credit import CreditLine
from pharmacrm.core.engines.holds import HoldState
from pharmacrm.core.flows.approvals import WhoCanAct
from pharmacrm.core.flows.exposure import CreditExposure
from pharmacrm.core.flows.refusals import WhyRefused
from pharmacrm.core.flows.shipped_routes import RELEASE_CN
from pharmacrm.core.flows.standing import Standing
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.orders import OrderState
from pharmacrm.core.values.roles import role_name
from pharmacrm.crm import PharmaCRM
from pharmacrm.demo.cast import AUDITOR, LEADS, NAMES, TREASURER
from pharmacrm.demo.catalogue import articles
from pharmacrm.demo.figures import Figures, figures
from pharmacrm.demo.tables import Section

_IDS = re.compile(r"(?<![\w-])[A-Z]{1,3}-[0-9A-Z]+(?![\w/-])", re.ASCII)
WHY = "SO26-X-scope"
"""The order whose refusal is explained."""


def summary(crm: PharmaCRM) -> list[Section]:
    """Every section of the summary, read from the books."""
    return list(_sections(crm, figures(crm)))


def _sections(crm: PharmaCRM, read: Figures) -> Iterator[Section]:
    yield _orders(read)
    yield _refusals(read)
    yield _holds(read)
    yield _best(read)
    yield _exposure(crm, read)
    yield _ages(read)
    yield _why(crm, read)
    yield from _who(crm, read)


def money(amount: Money) -> str:
    """An amount of yuan with its thousands, without the currency that stands in the title."""
    return f"{amount.amount:,.2f}"


def named(read: Figures, text: str) -> str:
    """A sentence with names where it has the ids of customers and products."""
    names = {id: customer.name or customer.person_name for id, customer in read.customers.items()}
    names |= {id: article.name for id, article in articles().items()}
    return _IDS.sub(lambda found: names.get(found[0], found[0]), text)


def _orders(read: Figures) -> Section:
    rows = [(state.zh, str(number), money(worth)) for state, (number, worth) in read.by_state.items()]
    shipped = f"出库 {len(read.slips)} 单 {money(read.shipped)} 元"
    text = f"共 {len(read.orders)} 个订单，{shipped}，收款 {money(read.received)} 元"
    return Section(
        title="Orders by state 订单状态", headers=("状态", "订单", "金额（元）"), rows=tuple(rows), text=text
    )


def _refusals(read: Figures) -> Section:
    rows = [(one.code, str(one.times), named(read, one.example.text("zh-CN"))) for one in read.refused]
    return Section(
        title="Refused, by reason 拒绝原因", headers=("原因代码", "次数", "最近一例"), rows=tuple(rows)
    )


def _holds(read: Figures) -> Section:
    """Each kind of hold: how many are open, were passed, and ended with their order."""
    rows = []
    for code in sorted({hold.code for hold in read.holds}):
        found = Counter(hold.state for hold in read.holds if hold.code == code)
        rows.append((code, *(str(found[state]) for state in HoldState)))
    headers = ("暂挂代码", *(state.zh for state in HoldState))
    return Section(title="Holds 暂挂", headers=headers, rows=tuple(rows))


def _best(read: Figures) -> Section:
    rows = [
        (place.name, place.kind.zh, f"{place.address.province}", str(number), money(worth))
        for place, number, worth in read.top_customers()
    ]
    headers = ("客户", "类别", "省份", "出库单", "金额（元）")
    return Section(title="Top customers 客户排名", headers=headers, rows=tuple(rows))


def _exposure(crm: PharmaCRM, read: Figures) -> Section:
    """The credit of the customer with the most to explain."""
    line = max(read.lines, key=_worth_explaining)
    explained = crm.ask(CreditExposure(customer=line.id), actor=TREASURER).explain("zh-CN")
    return Section(title=f"Credit exposure 信用占用：{read.customers[line.id].name}", text=explained)


def _worth_explaining(line: CreditLine) -> tuple[int, int, str]:
    parts = (line.reserved, line.posted - line.paid, line.unapplied)
    return sum(1 for part in parts if part), line.exposure.minor, line.id


def _ages(read: Figures) -> Section:
    labels = {"not due": "未到期", "over 120": "120 天以上"}
    rows = [
        (labels.get(bucket.label, f"逾期 {bucket.label} 天"), str(bucket.items), money(bucket.amount))
        for bucket in read.ageing.buckets
    ]
    rows.append(("合计", str(sum(bucket.items for bucket in read.ageing.buckets)), money(read.ageing.total)))
    title = f"Ageing 账龄表, {read.ageing.as_of}"
    return Section(title=title, headers=("账龄", "分期", "金额（元）"), rows=tuple(rows))


def _why(crm: PharmaCRM, read: Figures) -> Section:
    found = crm.ask(WhyRefused(subject=WHY), actor=AUDITOR)
    lines = [
        f"{one.at:%Y-%m-%d} {NAMES[one.actor]} {one.command}：{named(read, one.explain('zh-CN'))}"
        for one in found
    ]
    return Section(title=f"WhyRefused({WHY})", text="\n".join(lines))


def _who(crm: PharmaCRM, read: Figures) -> Iterator[Section]:
    """Who can act on the oldest order that still waits, and why a lead cannot."""
    waiting = [one for one in read.orders if one.state is OrderState.IN_APPROVAL]
    if waiting:
        order = min(waiting, key=lambda one: (one.ordered_on, one.id))
        lead = LEADS[order.unit or "east"]
        able = crm.ask(WhoCanAct(subject=order.id), actor=AUDITOR)
        asked = crm.ask(WhoCanAct(subject=order.id, person=lead), actor=AUDITOR)
        stage = RELEASE_CN.label(able.stage).zh
        lines = [f"{order.id}（{read.customers[order.buyer].name}）等待环节：{stage}"]
        lines += [f"暂挂：{hold.code}，可由{role_name(hold.may_pass).zh}放行" for hold in able.holds]
        yield Section(
            title=f"WhoCanAct({order.id})", text="\n".join([*lines, *_persons(able), *_persons(asked)])
        )


def _persons(standing: Standing) -> Iterator[str]:
    for one in standing.persons:
        why = "；".join(reason.text("zh-CN") for reason in one.reasons)
        yield f"{NAMES.get(one.person, one.person)}：{'不能，' + why if why else '可以审批'}"
