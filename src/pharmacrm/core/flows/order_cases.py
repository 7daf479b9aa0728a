"""An order with its newest request for approval: what its release, its slips and its ends are about."""

from attrs import frozen

from pharmacrm.core.engines.approval.routes.moving import Case
from pharmacrm.core.flows.cases import read_case
from pharmacrm.core.flows.order_checks import OrderPaper, read_paper
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.values.document_kinds import DocumentKind


@frozen(kw_only=True)
class OrderCase(OrderPaper):
    """An order at one of its steps: its contents, its holds, its request and all that happened to it."""

    case: Case


def read_order_case(read: Reads, order: str) -> OrderCase:
    """Read an order with its newest request; an unknown order, and one without a request, is `NotFound`."""
    paper = read_paper(read, order)
    return OrderCase(
        order=paper.order,
        lines=paper.lines,
        holds=paper.holds,
        case=read_case(read, order, kind=DocumentKind.ORDER.value),
    )
