"""Whether a customer may buy (客户资质审核, XT-05): every reason at once, for the ship date."""

from collections.abc import Iterator, Sequence
from datetime import date

from pharmacrm.core.engines.policy import CN_GSP, PolicyPack
from pharmacrm.core.kernel.reason import Reason, in_order
from pharmacrm.core.licences.letters import check_letter
from pharmacrm.core.licences.model import Authorisation, Dossier, Licence
from pharmacrm.core.licences.papers import check_agreement, check_papers, check_review, lacking
from pharmacrm.core.licences.sale import Sale
from pharmacrm.core.licences.scope import check_scope
from pharmacrm.core.licences.special import check_special
from pharmacrm.core.values.goods import Goods
from pharmacrm.core.values.trade import CustomerKind, PaymentMethod, SalesChannel


def may_buy(  # noqa: PLR0913 - what the law looks at, each by its name
    buyer_id: str,
    buyer_kind: CustomerKind,
    dossier: Dossier | None,
    licences: Sequence[Licence],
    authorisations: Sequence[Authorisation],
    goods: Sequence[Goods],
    *,
    on: date,
    ordered_on: date,
    channel: SalesChannel = SalesChannel.OFFLINE,
    method: PaymentMethod = PaymentMethod.BANK_TRANSFER,
    purchaser: str = "",
    province: str = "",
    prescription: str = "",
    identified: bool = False,
    pack: PolicyPack = CN_GSP,
) -> tuple[Reason, ...]:
    """Every reason why a customer may not buy these goods (R-01, R-03 to R-07, R-30, R-31, R-34, R-35).

    `on` is the ship date; agreement and letter must live on `ordered_on`. `purchaser` is the id of a letter
    of authorisation, or ''. The caller weighs the answer with `pack.weigh(reasons, on)`.
    """
    sale = Sale(
        buyer=buyer_id,
        kind=buyer_kind,
        on=on,
        ordered_on=ordered_on,
        channel=channel,
        method=method,
        purchaser=purchaser,
        province=province,
        prescription=prescription,
        identified=identified,
    )
    return in_order(
        (
            *(_licensed(sale, dossier, licences, goods, pack) if sale.wants_licences else ()),
            *check_letter(sale, goods, authorisations),
            *check_special(sale, goods, licences, pack),
        )
    )


def _licensed(
    sale: Sale, dossier: Dossier | None, licences: Sequence[Licence], goods: Sequence[Goods], pack: PolicyPack
) -> Iterator[Reason]:
    needs = pack.tables.papers.get(sale.kind, ())
    if needs:
        yield from lacking(sale.buyer, sale.kind, licences, pack)
        yield from check_review(sale.buyer, sale.kind, dossier)
        yield from check_papers(sale.buyer, needs, licences, sale.on, pack)
        yield from check_agreement(sale.buyer, needs, licences, sale.ordered_on)
    yield from check_scope(sale, goods, licences, pack)
