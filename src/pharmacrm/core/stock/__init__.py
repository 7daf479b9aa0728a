"""Stock (库存): the last word of an ERP about it, with its time and source; the ERP keeps the truth."""

from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.stock.commands import RecordStock
from pharmacrm.core.stock.events import StockRecorded
from pharmacrm.core.stock.model import StockSnapshot, snapshot_id
from pharmacrm.core.stock.reasons import REASONS
from pharmacrm.core.stock.rules import AHEAD, record_stock

domain = Domain(
    name="stock",
    records=(StockSnapshot,),
    events=(StockRecorded,),
    reasons=REASONS,
    rights=dict.fromkeys(("lead", "finance", "warehouse", "admin", "auditor"), (StockSnapshot,)),
)

__all__ = ["AHEAD", "RecordStock", "StockRecorded", "StockSnapshot", "domain", "record_stock", "snapshot_id"]
