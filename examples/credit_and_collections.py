"""A distributor's year with one hospital: credit, instalments, bills, returns, dunning, statement, DSO.

    python -m pip install matplotlib                                 # for the picture; the rest goes without
    python examples/credit_and_collections.py [--folder .]

On a simulated clock, in memory. It leaves `ageing.png` in the folder: what was open in each week of the year,
by age, beside the credit limit of that day; the books of the year's end tell it. Running it again tells the
same.
"""

from argparse import ArgumentParser
from datetime import date, timedelta
from pathlib import Path

import pharmacrm
from pharmacrm import (
    AcceptReturn,
    Ageing,
    AgeingReport,
    AllocateReceipt,
    AnswerConfirmation,
    BadDebtProvision,
    CollectBill,
    CollectionFigures,
    CreditExposure,
    Decision,
    DunningLetter,
    DunningLevel,
    GrantCreditLimit,
    Instalment,
    InterestTerms,
    IssueSlip,
    LedgerBalance,
    LimitKind,
    LimitOn,
    Money,
    PassHold,
    RateStep,
    RateTable,
    ReceiveBill,
    ReconcileLedger,
    RecordPromise,
    RegisterReceipt,
    RequestConfirmation,
    ReturnCause,
    ReturnItem,
    SetDunningPolicy,
    SetProvisionRates,
    SimulatedClock,
    SlipItem,
    StatementOfAccount,
    Target,
    Vouchers,
    eq,
)
from pharmacrm.testing.company import an_order, found_company, release

SALES, FINANCE, WAREHOUSE, BUYER = "zhang.san", "qian.qi", "sun.ba", "H-001"

options = ArgumentParser(description="A distributor's year with one hospital.")
options.add_argument("--folder", type=Path, default=Path())
folder = options.parse_args().folder

clock = SimulatedClock("2026-01-05T01:00:00Z")  # Monday, 09:00 in Shanghai
crm = pharmacrm.connect("memory://", clock=clock)
found_company(crm, limit="60000.00", buyers=(BUYER,))


def yuan(amount: str | int) -> Money:
    return Money(amount, "CNY")


def today() -> date:
    return clock.now().date()


def until(day: str) -> None:
    """Time passes; what falls due on the way is done each day, as a scheduler would."""
    while today() < date.fromisoformat(day):
        clock.advance(timedelta(days=1))
        crm.run_due()


told: list[tuple[date, str]] = []
"""What the picture names: when something happened that moved the debt."""


def say(what: str, *more: object) -> None:
    print(today(), what, *more)


def ship(order: str, tablets: int, terms: str) -> None:
    """An order at 1.25 yuan a tablet, released by everybody, and shipped."""
    placed = order_of(order, tablets, terms)
    say(f"{order}: {placed.outcome}", *placed.codes)
    if placed.held:
        hold = PassHold(of=order, code="credit.over_limit", reason="旺季，货款已承诺")
        crm.do(hold, actor=FINANCE).expect()
        say(f"{order}: the hold is passed by finance, with a reason")
    release(crm, order)
    items = (SlipItem(1, "L1", tablets),)
    crm.do(IssueSlip(order=order, id=f"OUT-{order}", items=items), actor=WAREHOUSE).expect()
    told.append((today(), f"{order}, {terms}"))


def order_of(order: str, tablets: int, terms: str) -> Decision[pharmacrm.SalesOrder]:
    wanted = an_order(order, buyer=BUYER, product="ATO-20", quantity=tablets, terms=terms)
    return crm.do(wanted, actor=SALES)


def pay(id: str, amount: int, *targets: Target) -> None:
    """Money arrives and settles what it is said to be for, or what is due the longest."""
    money = RegisterReceipt(
        id=id, payer=BUYER, payer_name=f"示例医院{BUYER}", amount=yuan(amount), value_date=today()
    )
    crm.do(money, actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt=id, targets=targets), actor=FINANCE).expect()
    told.append((today(), f"{amount:,} paid"))


# The house rules of the year: who is dunned when, at which interest, and what is provided for bad debts.
levels = (
    DunningLevel(days=10, name="一次催款"),
    DunningLevel(days=30, name="二次催款", fee=yuan(50), interest=True),
)
rates = InterestTerms(rates=RateTable((RateStep("2026-01-01", "5.475%"),)))
crm.do(SetDunningPolicy(levels=levels, interest=rates), actor=FINANCE).expect()
crm.do(
    SetProvisionRates(valid_from="2026-01-01", edges=(30, 90), rates=("0%", "5%", "20%", "100%")),
    actor=FINANCE,
).expect()

# Spring: three equal instalments, paid in part.
ship("SO-1", 32_000, "3 monthly")  # 40,000 yuan
until("2026-02-16")
pay("R-1", 13_000)
say("exposure:", crm.ask(CreditExposure(customer=BUYER), actor=FINANCE).total)

# The season: a temporary raise lets the next order pass, the one after it waits for a person.
raised = GrantCreditLimit(
    customer=BUYER, kind=LimitKind.TEMPORARY, amount=yuan(20_000), ends_on="2026-04-30", reason="旺季"
)
crm.do(raised, actor=FINANCE).expect()
ship("SO-2", 36_000, "net 60")  # 45,000 yuan: 27,000 + 45,000 is within 60,000 + 20,000
ship("SO-3", 16_000, "net 30")  # 20,000 yuan: beyond it

# Some of the goods come back: at most what was shipped, credited at what they were worth.
until("2026-03-03")
back = AcceptReturn(
    id="RET-1", slip="OUT-SO-3", items=(ReturnItem(1, 2_000),), cause=ReturnCause.SURPLUS, note="多订"
)
crm.do(back, actor=WAREHOUSE).expect()
told.append((today(), "2,500 returned"))

# A bank acceptance bill is money when it matures, not when it is handed over.
bill = ReceiveBill(
    id="BILL-1",
    payer=BUYER,
    payer_name=f"示例医院{BUYER}",
    acceptor="示例银行",
    amount=yuan(30_000),
    issued_on=today(),
    matures_on="2026-08-14",
)
crm.do(bill, actor=FINANCE).expect()

# Nothing comes, so letters go out by themselves, one level after the other; a promise pauses them for a debt.
until("2026-04-20")
(debt,) = crm.find(Instalment, eq("receivable", "OUT-SO-2/receivable"), actor=FINANCE)
promise = RecordPromise(id="P-1", instalment=debt.id, amount=debt.open, pay_by="2026-06-15")
crm.do(promise, actor=SALES).expect()
until("2026-08-14")
for letter in crm.find(DunningLetter, actor=FINANCE, order=("on",)):
    charges = f"fee {letter.fee}, interest {letter.interest}"
    print(f"{letter.on} letter, level {letter.level}, asks for {letter.open}; {charges}")

# The bill matures, and most of the rest is paid.
crm.do(CollectBill(bill="BILL-1"), actor=FINANCE).expect()
crm.do(AllocateReceipt(receipt="BILL-1"), actor=FINANCE).expect()
told.append((today(), "bill matures"))
until("2026-09-21")
pay("R-2", 48_000)

# Autumn goes better: 2 % off for paying within 10 days is taken, and the last order is not due yet.
until("2026-10-12")
ship("SO-4", 24_000, "2/10 net 30")  # 30,000 yuan
until("2026-10-20")
pay("R-3", 29_400, Target("OUT-SO-4/receivable/1", yuan(29_400), take_discount=True))
until("2026-12-07")
ship("SO-5", 16_000, "net 60")  # 20,000 yuan

# The year ends: the account, confirmed by the customer, and beside the general ledger.
until("2026-12-31")
statement = crm.ask(
    StatementOfAccount(customer=BUYER, start="2026-01-01", through="2026-12-31"), actor=FINANCE
)
for line in statement.lines:
    print(f"{line.on} {line.kind:<14} {line.document:<42} {line.amount!s:>15} {line.balance!s:>15}")
crm.do(RequestConfirmation(id="BC-2026", customer=BUYER, as_of="2026-12-31"), actor=FINANCE).expect()
said = crm.do(AnswerConfirmation(confirmation="BC-2026", balance=statement.closing), actor=FINANCE).expect()
print("confirmation:", said.state)
open_now = crm.ask(AgeingReport(), actor=FINANCE).total
books = LedgerBalance(customer=BUYER, amount=open_now)
ledger = crm.ask(ReconcileLedger(as_of="2026-12-31", control=open_now, balances=(books,)), actor=FINANCE)
vouchers = crm.ask(Vouchers(start="2026-01-01", through="2026-12-31"), actor=FINANCE)
print("ledger agrees:", ledger.agrees, "vouchers:", len(vouchers))

# What is to be provided for, and how well the year was collected; every figure has its addends.
provision = crm.ask(BadDebtProvision(), actor=FINANCE)
for each in provision.classes:
    print(f"{each.label:<10} {each.open!s:>15} at {each.rate!s:>4}: {each.amount}")
year = crm.ask(CollectionFigures(start="2026-01-01", through="2026-12-31"), actor=FINANCE)
print(f"DSO {year.dso.days}, best possible {year.best_possible.days}, count-back {year.count_back.days}")
print(f"days late {year.days_late.average}, on time {year.days_late.on_time_rate} %")
print(f"collection effectiveness {year.effectiveness.percent} %")


AGES = ("#9ecae1", "#fee391", "#fec44f", "#fe9929", "#d95f0e", "#993404")
"""What is not due is blue; what is overdue grows darker with its age."""


def draw(reports: list[Ageing], limits: list[Money], letters: list[date], path: Path) -> None:
    """Stack what was open in each week by age, with the limit, the letters, and what moved the debt."""
    import matplotlib as mpl  # heavy, and only wanted for the picture

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(11, 5.5), layout="constrained")
    days = [day_of_year(report.as_of) for report in reports]
    ages = [[thousands(report.buckets[n].amount) for report in reports] for n in range(len(AGES))]
    labels = [bucket.label for bucket in reports[0].buckets]
    axes.stackplot(days, *ages, labels=labels, colors=AGES, step="post")
    axes.step(days, list(map(thousands, limits)), "k--", where="post", linewidth=1, label="credit limit")
    axes.plot(
        list(map(day_of_year, letters)), [1.5] * len(letters), "kv", markersize=6, label="dunning letter"
    )
    for place, day in enumerate(sorted({day for day, _ in told})):
        said = "\n".join(what for when, what in told if when == day)
        height = 96 + 11 * (place % 2)
        axes.vlines(day_of_year(day), 0, height, color="grey", linewidth=0.5)
        axes.text(day_of_year(day), height, said, fontsize=8, ha="center", va="bottom")
    axes.set(title=f"What {BUYER} owed in 2026, by days overdue", ylabel="thousand CNY", ylim=(0, 120))
    axes.set_xlim(-16, 369)
    firsts = [date(2026, month, 1) for month in range(1, 13)]
    axes.set_xticks(list(map(day_of_year, firsts)), [first.strftime("%m") for first in firsts])
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside lower center", ncols=8, frameon=False, fontsize=9)
    figure.savefig(path, dpi=120)


def day_of_year(day: date) -> int:
    return (day - date(2026, 1, 1)).days


def thousands(amount: Money) -> float:
    return float(amount.amount) / 1000


weeks = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(52)]
reports = [crm.ask(AgeingReport(as_of=day), actor=FINANCE) for day in weeks]
limits = [crm.ask(LimitOn(customer=BUYER, on=day), actor=FINANCE).amount for day in weeks]
for report in reports[::4]:
    print(report.as_of, f"open {report.total}, overdue {report.overdue}")
try:
    draw(reports, limits, [each.on for each in crm.find(DunningLetter, actor=FINANCE)], folder / "ageing.png")
    print("ageing.png is drawn")
except ImportError:
    print("no picture: python -m pip install matplotlib")
crm.close()
