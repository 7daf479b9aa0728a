"""The story of what is agreed on paying: term sets, and the days on which a hospital pays."""

from pharmacrm.core.flows.paying import SetPayingDays
from pharmacrm.core.kernel.codec import canonical
from pharmacrm.core.terms import ImportTerms, PublishTerms, TermSource, WithdrawTerms
from pharmacrm.testing.company import ADMIN
from pharmacrm.testing.story.steps import FINANCE, Step, day, said

_ODOO = canonical({"name": "30 Days", "line_ids": [{"value": "percent", "value_amount": 100, "nb_days": 30}]})

AGREEING: tuple[Step, ...] = (
    Step(FINANCE, lambda crm: PublishTerms(code="wholesale", terms="net 30", valid_from=day(crm))),
    Step(
        ADMIN,
        lambda crm: ImportTerms(
            code="odoo-30", source=TermSource.ODOO, definition=_ODOO, valid_from=day(crm)
        ),
    ),
    Step(FINANCE, lambda crm: WithdrawTerms(code="wholesale", valid_to=day(crm, 400))),
    said(FINANCE, SetPayingDays(customer="H-001", paying="payment days 5,20, closed 12-24 to 01-06")),
)
