"""What the rows of the files for an ERP hold: orders, purchase orders, and vouchers."""

from decimal import Decimal

from pharmacrm.core.collections import Voucher, VoucherLine
from pharmacrm.core.orders import OrderLine, PurchaseLine, PurchaseOrder, SalesOrder

Cells = dict[str, str | int | Decimal | bool]
"""One row by column."""


def order_cells(order: SalesOrder) -> Cells:
    """What stands in each row of a released order."""
    where = order.address
    return {
        "order": order.id,
        "revision": order.revision,
        "buyer": order.buyer,
        "requester": order.requester,
        "unit": order.unit or "",
        "ordered_on": order.ordered_on.isoformat(),
        "ship_on": order.ship_on.isoformat(),
        "channel": order.channel.value,
        "method": order.method.value,
        "terms": str(order.terms),
        "consignee": order.consignee,
        "phone": order.phone,
        "address": str(where) if where is not None else "",
        "purchaser": order.purchaser,
        "prescription": order.prescription,
        "note": order.note,
        "currency": order.total.currency,
        "order_net": order.net.amount,
        "order_tax": order.tax.amount,
        "order_total": order.total.amount,
    }


def bought_cells(purchase: PurchaseOrder) -> Cells:
    """What stands in each row of a purchase order."""
    return {
        "purchase_order": purchase.id,
        "revision": purchase.revision,
        "supplier": purchase.supplier,
        "requester": purchase.requester,
        "unit": purchase.unit or "",
        "ordered_on": purchase.ordered_on.isoformat() if purchase.ordered_on else "",
        "expected_on": purchase.expected_on.isoformat(),
        "terms": str(purchase.terms),
        "tolerance_percent": Decimal(str(purchase.tolerance).removesuffix("%")),
        "note": purchase.note,
        "currency": purchase.total.currency,
        "order_net": purchase.net.amount,
        "order_tax": purchase.tax.amount,
        "order_total": purchase.total.amount,
    }


def line_cells(line: OrderLine | PurchaseLine) -> Cells:
    """The cells of one line of either."""
    return {
        "line": line.number,
        "product": line.product,
        "quantity": line.quantity,
        "price_unit": line.unit,
        "price_per": line.per,
        "price": Decimal(str(line.price)),
        "tax_percent": Decimal(str(line.tax_rate).removesuffix("%")),
        "tax_included": line.tax_included,
        "line_net": line.net.amount,
        "line_tax": line.tax.amount,
        "line_total": line.gross.amount,
    }


def voucher_cells(voucher: Voucher) -> Cells:
    """What stands in each row of a voucher."""
    return {
        "voucher": voucher.id,
        "on": voucher.on.isoformat(),
        "kind": voucher.kind.value,
        "document": voucher.document,
        "customer": voucher.customer,
        "reverses": voucher.reverses,
        "posted_on": voucher.posted_on.isoformat() if voucher.posted_on else "",
        "currency": voucher.amount.currency,
        "amount": voucher.amount.amount,
    }


def entry_cells(line: VoucherLine) -> Cells:
    """The cells of one line of a voucher."""
    rate = line.tax_rate
    return {
        "line": line.number,
        "role": line.role.value,
        "account": line.account,
        "tax_percent": Decimal(str(rate).removesuffix("%")) if rate is not None else "",
        "debit": line.debit.amount,
        "credit": line.credit.amount,
    }
