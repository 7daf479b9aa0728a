"""Which word of an ERP about its stock is kept: the newest, unless it comes from the future."""

from datetime import datetime, timedelta
from typing import Final

from attrs import evolve

from pharmacrm.core.kernel.codec import instant_text
from pharmacrm.core.kernel.decision import Decision, accept, refuse, save, tell
from pharmacrm.core.stock import reasons as why
from pharmacrm.core.stock.commands import RecordStock
from pharmacrm.core.stock.events import StockRecorded
from pharmacrm.core.stock.model import StockSnapshot, snapshot_id

AHEAD: Final = timedelta(minutes=5)
"""How far the clock of an ERP may be ahead of ours."""


def record_stock(
    command: RecordStock, held: StockSnapshot | None, *, source: str, currency: str, at: datetime
) -> Decision[StockSnapshot]:
    """Keep the newest word: in whatever order words come, what is kept at the end is the same."""
    said = _said(command, held, source=source, currency=currency)
    if said.as_of > at + AHEAD:
        future = why.STOCK_FUTURE(
            command.product, field="as_of", observed=instant_text(said.as_of), expected=instant_text(at)
        )
        return refuse(future)
    if held is None or said.as_of > held.as_of:
        told = StockRecorded(subject=said.product, site=said.site, lot=said.lot)
        return accept(said, save(said), tell(told))
    return _late(said, held)


def _late(said: StockSnapshot, held: StockSnapshot) -> Decision[StockSnapshot]:
    """What is not newer changes nothing: the same again, an older word, or two words of one time."""
    if said.as_of < held.as_of:
        times = {"observed": instant_text(said.as_of), "expected": instant_text(held.as_of)}
        return accept(held, why.STOCK_OLDER(said.product, field="as_of", **times))
    if said == evolve(held, source=said.source):
        return accept(held)
    both = why.STOCK_CONTRADICTED(
        said.product, field="quantity", observed=said.quantity, expected=held.quantity
    )
    return refuse(both)


def _said(command: RecordStock, held: StockSnapshot | None, *, source: str, currency: str) -> StockSnapshot:
    return StockSnapshot(
        id=snapshot_id(command.product, command.site, command.lot),
        version=held.version if held else 0,
        product=command.product,
        site=command.site,
        lot=command.lot,
        quantity=command.quantity,
        cost=command.cost,
        currency=(command.currency or currency) if command.cost is not None else "",
        as_of=command.as_of,
        source=source,
    )
