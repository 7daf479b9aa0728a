"""Which role may pass which reason, and what a passed one still says."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from pharmacrm.core.credit.reasons import REASONS as CREDIT
from pharmacrm.core.engines.holds import Hold, HoldState
from pharmacrm.core.kernel.reason import Reason, Severity, in_order
from pharmacrm.core.licences.reasons import REASONS as LICENCES
from pharmacrm.core.prices.reasons import REASONS as PRICES

PASSED_BY: Final[Mapping[str, str]] = MappingProxyType(
    {code.code: code.passed_by for code in (*CREDIT, *PRICES, *LICENCES) if code.passed_by}
)
"""For each code that a flow holds by itself, the role that may pass it."""

CREDIT_HOLDS: Final = frozenset(code.code for code in CREDIT if code.passed_by)
"""Passing one of these reserves the credit after all."""


def informed(holds: Iterable[Hold], revision: int, found: Iterable[Reason]) -> tuple[Reason, ...]:
    """What was passed for this revision of a document only informs; the rest stays as it is."""
    passed = {each.code for each in holds if each.state is HoldState.RELEASED and each.revision == revision}
    return in_order(
        reason.weighed(Severity.INFO)
        if reason.severity is Severity.APPROVE and reason.code in passed
        else reason
        for reason in found
    )
