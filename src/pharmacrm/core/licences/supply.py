"""Whether a supplier may supply (首营企业审核, R-01): every reason at once, for the day of the goods."""

from collections.abc import Sequence
from datetime import date

from pharmacrm.core.engines.policy import CN_GSP, PolicyPack
from pharmacrm.core.kernel.reason import Reason, in_order
from pharmacrm.core.kernel.words import listed
from pharmacrm.core.licences import reasons as why
from pharmacrm.core.licences.model import Dossier, Licence
from pharmacrm.core.licences.papers import check_agreement, check_papers, check_review, missing
from pharmacrm.core.licences.scope import check_supply_scope
from pharmacrm.core.values.goods import Goods
from pharmacrm.core.values.trade import CustomerKind


def may_supply(
    supplier_id: str,
    supplier_kind: CustomerKind,
    dossier: Dossier | None,
    licences: Sequence[Licence],
    goods: Sequence[Goods],
    *,
    on: date,
    ordered_on: date,
    pack: PolicyPack = CN_GSP,
) -> tuple[Reason, ...]:
    """Every reason why a supplier may not supply these goods (R-01, R-04 to R-07).

    `on` is the day on which the goods are expected; the quality agreement must live on `ordered_on`. The
    caller weighs the answer with `pack.weigh(reasons, on)`.
    """
    needs = pack.tables.supplier_papers.get(supplier_kind)
    if needs is None:
        wanted = listed(pack.tables.supplier_papers, " or ", "或")
        return (why.SUPPLIER_KIND(supplier_id, field="supplier", observed=supplier_kind, expected=wanted),)
    return in_order(
        (
            *missing(supplier_id, needs, licences),
            *check_review(supplier_id, supplier_kind, dossier),
            *check_papers(supplier_id, needs, licences, on, pack),
            *check_agreement(supplier_id, needs, licences, ordered_on),
            *(
                reason
                for one in goods
                if one.is_drug
                for reason in check_supply_scope(supplier_id, supplier_kind, one, licences, on, pack)
            ),
        )
    )
