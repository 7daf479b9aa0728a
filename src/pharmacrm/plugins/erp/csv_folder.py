"""Released orders, purchase orders and vouchers as CSV files in a folder; what an ERP sends, from another.

One file per revision of an order that is released, or of a purchase order that goes to its supplier, and one
per voucher that is posted; one row per line, the document's own values repeated in each. UTF-8 with a byte
order mark, so that Excel shows Chinese; commas, CR LF, and an apostrophe before text that a spreadsheet would
run as a formula. An order's file holds the consignee, telephone and address, which is what they are kept for:
protect the folder.

A file appears whole or not at all, under a name that depends only on tenant, document and revision. It holds
only what cannot change within a revision, so a document that is delivered twice gives the same file, byte by
byte. A temporary file that a power cut left begins with a dot and ends with `.tmp`: the ERP should take
`*.csv`.
"""

import csv
import hashlib
import io
import os
import re
from pathlib import Path
from typing import ClassVar, Final
from uuid import uuid4

from pharmacrm.core.collections import Voucher, VoucherLine
from pharmacrm.core.kernel.codec import canonical
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.orders import (
    OrderLine,
    OrderState,
    PurchaseLine,
    PurchaseOrder,
    PurchaseState,
    SalesOrder,
)
from pharmacrm.plugins.disk import sync_folder, why
from pharmacrm.plugins.erp.cells import cell
from pharmacrm.plugins.erp.csv_inbox import CsvInbox
from pharmacrm.plugins.erp.rows import (
    Cells,
    bought_cells,
    entry_cells,
    line_cells,
    order_cells,
    voucher_cells,
)
from pharmacrm.plugins.erp.sheets import ENCODINGS
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import DeliverContext, Delivered, PullContext, Pulled, Reject, Result, RetryAfter

LATER: Final = 60
"""Seconds after which a folder that could not be written is tried again."""

RELEASED: Final = {OrderState.RELEASED, OrderState.PART_SHIPPED, OrderState.SHIPPED, OrderState.CLOSED}

ORDERED: Final = {
    PurchaseState.ORDERED,
    PurchaseState.PART_RECEIVED,
    PurchaseState.RECEIVED,
    PurchaseState.CLOSED,
}


class CsvFolder:
    """Writes released orders, purchase orders and vouchers into `folder`; takes in what is put into `inbox`.

    Both have to be there and to be writable. Files of the inbox are in `encoding` (utf-8 or gb18030); each
    waits for its totals, unless `totals` is False. Give each pair of folders a `name` of its own, and keep
    it: what waits in the outbox waits for that name, and the cursor and the account of the ERP bear it.
    """

    PHARMACRM_API: ClassVar[tuple[int, int]] = (1, 0)

    topics: ClassVar[tuple[str, ...]] = ("OrderReleased", "PurchaseOrdered", "VoucherPosted")

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        inbox: str | os.PathLike[str] | None = None,
        encoding: str = "utf-8",
        totals: bool = True,
        name: str = "csv_folder",
    ) -> None:
        if encoding not in ENCODINGS:
            known = " or ".join(ENCODINGS)
            raise MalformedInput("choice.unknown", f"{known} is wanted", field="encoding", value=encoding)
        self.name = name
        self._folder = Path(folder)
        self._inbox = CsvInbox(Path(inbox), encoding=encoding, totals=totals) if inbox is not None else None

    @hookimpl
    def pharmacrm_deliver(self, context: DeliverContext) -> Result:
        """Write one released order, purchase order or voucher, unless its file is there already."""
        match context.topic:
            case "PurchaseOrdered":
                return self._purchase(context)
            case "VoucherPosted":
                return self._voucher(context)
            case _:
                return self._released(context)

    def _released(self, context: DeliverContext) -> Result:
        order = context.read.seek(SalesOrder, context.subject)
        if order is None:
            return Reject("there is no such order")
        if order.state not in RELEASED:
            return Reject(f"the order is {order.state.value} by now: not written")
        lines = context.read.find(OrderLine, eq("order", order.id), order=("number",))
        rows = [{"tenant": context.tenant, **order_cells(order), **line_cells(line)} for line in lines]
        return self._written(file_name(context.tenant, order), rows)

    def _purchase(self, context: DeliverContext) -> Result:
        purchase = context.read.seek(PurchaseOrder, context.subject)
        if purchase is None:
            return Reject("there is no such purchase order")
        if purchase.state not in ORDERED or purchase.revision != context.payload.get("revision"):
            return Reject("the purchase order was revised or cancelled since: not written")
        lines = context.read.find(PurchaseLine, eq("purchase", purchase.id), order=("number",))
        rows = [{"tenant": context.tenant, **bought_cells(purchase), **line_cells(line)} for line in lines]
        return self._written(file_name(context.tenant, purchase), rows)

    def _voucher(self, context: DeliverContext) -> Result:
        voucher = context.read.seek(Voucher, context.subject)
        if voucher is None:
            return Reject("there is no such voucher")
        lines = context.read.find(VoucherLine, eq("voucher", voucher.id), order=("number",))
        rows = [{"tenant": context.tenant, **voucher_cells(voucher), **entry_cells(line)} for line in lines]
        return self._written(voucher_file(context.tenant, voucher), rows)

    def _written(self, name: str, rows: list[Cells]) -> Result:
        try:
            _put(self._folder / name, _content(rows))
        except OSError as error:
            return RetryAfter(LATER, f"cannot write into the folder: {why(error)}")
        return Delivered()

    @hookimpl
    def pharmacrm_pull(self, context: PullContext) -> Pulled | RetryAfter:
        """Give the next rows of the next file in the inbox."""
        if self._inbox is None:
            return RetryAfter(LATER, "this adapter has no inbox")
        try:
            return self._inbox.pulled(context)
        except OSError as error:
            return RetryAfter(LATER, f"cannot use the inbox: {why(error)}")


def file_name(tenant: str, order: SalesOrder | PurchaseOrder) -> str:
    """A name that stays inside the folder and that no other revision, order or tenant has.

    That holds on every file system, though ids may hold slashes, dots and letters that some systems fold:
    what can be read of them stands in front, and a digest tells them apart.
    """
    purchase = isinstance(order, PurchaseOrder)
    named = [tenant, order.id, order.revision, *(["purchase"] if purchase else [])]
    whole = hashlib.sha256(canonical(named).encode()).hexdigest()[:20]
    shown = re.sub(r"[^A-Za-z0-9_-]+", "_", f"{tenant[:20]}-{order.id}")[:60]
    return f"{'purchase' if purchase else 'order'}-{shown}-r{order.revision}-{whole}.csv"


def voucher_file(tenant: str, voucher: Voucher) -> str:
    """A name that no other voucher or tenant has; its day stands first, so that files sort by it."""
    whole = hashlib.sha256(canonical([tenant, voucher.id, "voucher"]).encode()).hexdigest()[:20]
    shown = re.sub(r"[^A-Za-z0-9_-]+", "_", f"{tenant[:20]}-{voucher.on.isoformat()}-{voucher.document}")[:60]
    return f"voucher-{shown}-{whole}.csv"


def _content(rows: list[Cells]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    if rows:
        writer.writerow(rows[0])
    writer.writerows([cell(value) for value in row.values()] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _put(path: Path, content: bytes) -> None:
    """Have the file hold exactly this, without anybody ever seeing a part of it."""
    if path.is_file() and path.read_bytes() == content:
        return
    passing = path.with_name(f".{uuid4()}.tmp")
    try:
        with passing.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        passing.replace(path)
    except BaseException:
        passing.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
