"""Every scenario of a reason code: importing the rooms makes them known."""

from tests.flows import (
    scenarios_approvals,
    scenarios_bills,
    scenarios_collecting,
    scenarios_credit,
    scenarios_delivering,
    scenarios_invoicing,
    scenarios_providing,
    scenarios_purchasing,
    scenarios_quoting,
    scenarios_registering,
    scenarios_returning,
    scenarios_selling,
    scenarios_taking_in,
    scenarios_terms,
    scenarios_working,
)
from tests.flows.scenarios import SCENARIOS

ROOMS = (
    scenarios_bills,
    scenarios_collecting,
    scenarios_credit,
    scenarios_bills,
    scenarios_collecting,
    scenarios_approvals,
    scenarios_delivering,
    scenarios_invoicing,
    scenarios_providing,
    scenarios_purchasing,
    scenarios_quoting,
    scenarios_registering,
    scenarios_returning,
    scenarios_selling,
    scenarios_taking_in,
    scenarios_terms,
    scenarios_working,
)

__all__ = ["ROOMS", "SCENARIOS"]
