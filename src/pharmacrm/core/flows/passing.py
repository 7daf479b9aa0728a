"""Which role may pass which reason."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pharmacrm.core.credit.reasons import REASONS as CREDIT
from pharmacrm.core.licences.reasons import REASONS as LICENCES
from pharmacrm.core.prices.reasons import REASONS as PRICES

PASSED_BY: Final[Mapping[str, str]] = MappingProxyType(
    {code.code: code.passed_by for code in (*CREDIT, *PRICES, *LICENCES) if code.passed_by}
)
"""For each code that a flow holds by itself, the role that may pass it."""

CREDIT_HOLDS: Final = frozenset(code.code for code in CREDIT if code.passed_by)
"""Passing one of these reserves the credit after all."""
