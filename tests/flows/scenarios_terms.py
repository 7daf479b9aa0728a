"""Scenarios that meet the reason codes of payment terms, term sets and payment calendars."""

from datetime import timedelta

from attrs import evolve

from pharmacrm.core.flows.paying import SetPayingDays
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.terms import ImportTerms, PublishTerms, TermSource, WithdrawTerms
from pharmacrm.crm import PharmaCRM
from tests.flows.house import BUYER, FINANCE, SALES, WAREHOUSE, released, slip, today, worth
from tests.flows.scenarios import after, met


@met("terms.event_assumed")
def _(crm: PharmaCRM) -> list[Reason]:
    released(crm, terms="95% net 30 from receipt, rest retention net 12 months from acceptance")
    return after(crm, (slip("SO-1", "OUT-1", 800), WAREHOUSE))


@met("term_set.order", "term_set.past", "term_set.mistake", "term_set.not_in_force", "terms.choice")
def _(crm: PharmaCRM) -> list[Reason]:
    day = timedelta(days=1)
    first = PublishTerms(code="W", terms="net 30", valid_from=today(crm) - 30 * day)
    broken = ImportTerms(
        code="T", source=TermSource.TRYTON, definition='{"lines": [{}]}', valid_from=today(crm)
    )
    order = worth("SO-9", 5)
    return after(
        crm,
        (first, FINANCE),
        (evolve(first, terms="net 60", valid_from=today(crm) - 31 * day), FINANCE),
        (WithdrawTerms(code="W", valid_to=today(crm) - day), FINANCE),
        (WithdrawTerms(code="W", valid_to=today(crm)), FINANCE),
        (broken, FINANCE),
        (order, SALES),
        (evolve(order, id="SO-8", term_set="W"), SALES),
        (evolve(order, id="SO-7", terms=None), SALES),
        (PublishTerms(code="L", terms="net 30", valid_from=today(crm) + day), FINANCE),
        (evolve(order, id="SO-6", terms=None, term_set="L"), SALES),
    )


@met("payment_calendar.past")
def _(crm: PharmaCRM) -> list[Reason]:
    first = SetPayingDays(customer=BUYER, paying="payment days 15")
    earlier = SetPayingDays(
        customer=BUYER, paying="payment days 5", valid_from=today(crm) - timedelta(days=1)
    )
    return after(crm, (first, FINANCE), (earlier, FINANCE))
