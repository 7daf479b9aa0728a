"""An ERP's own table and our order in one transaction: both are stored, or neither, and only once.

    python examples/host_transaction.py [--url sqlite:///host-transaction.db]

Any database will do that pharmacrm speaks. Running it again adds no order.
"""

from argparse import ArgumentParser

from sqlalchemy import create_engine, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

import pharmacrm
from pharmacrm import Conflict, Decision, PlaceOrder, SalesOrder, WhyRefused
from pharmacrm.testing.company import an_order, found_company

options = ArgumentParser(description="An ERP's own table and our order in one transaction.")
options.add_argument("--url", default="sqlite:///host-transaction.db")
url = options.parse_args().url


class Base(DeclarativeBase):
    """The ERP's models."""


class ErpOrder(Base):
    """What the ERP keeps of an order."""

    __tablename__ = "erp_order"
    id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]


# Once, at deployment: their tables and ours, in the same database.
engine = create_engine(url)
Base.metadata.create_all(engine)
crm = pharmacrm.connect(url)
found_company(crm, limit="5000.00")


def place(order: PlaceOrder, *, stock: bool = True) -> Decision[SalesOrder]:
    """Store an order here and there, under a key; again, if somebody else was faster."""
    last = Conflict("never tried")
    for _ in range(5):
        try:
            with Session(engine) as session, session.begin():
                answer = crm.bind(session, actor="zhang.san").do(order, key=f"erp-{order.id}")
                if answer.value is not None and not answer.replayed:
                    session.execute(insert(ErpOrder).values(id=order.id, state=str(answer.value.state)))
                if not stock:
                    raise LookupError(f"{order.id}: the shelf is empty")
                return answer
        except Conflict as conflict:
            last = conflict
    raise last


# One order goes through. The transaction of another is given up by the ERP: nothing is left of it.
print("SO-1:", place(an_order("SO-1")).outcome)
try:
    place(an_order("SO-2"), stock=False)
except LookupError as error:
    print("given up:", error)

# One over the limit is stored under a hold; one that says neither what nor where to is refused, and why.
print("SO-3:", place(an_order("SO-3", quantity=200_000)).outcome)
empty = PlaceOrder(id="SO-4", buyer="H-001", lines=(), terms="net 30")
print("SO-4:", place(empty).outcome)
refusal = crm.ask(WhyRefused(subject="SO-4"), actor="zhang.san")[0]
print("why:", *(reason.code for reason in refusal.reasons))

# The two systems agree.
with Session(engine) as session:
    theirs = sorted(session.scalars(select(ErpOrder.id)))
ours = sorted(order.id for order in crm.find(SalesOrder, actor="zhang.san"))
print("theirs:", *theirs)
print("ours:  ", *ours)
crm.close()
engine.dispose()
