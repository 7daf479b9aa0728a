"""Every scenario of a reason code: importing the rooms makes them known."""

from tests.flows import (
    scenarios_delivering,
    scenarios_registering,
    scenarios_selling,
    scenarios_taking_in,
)
from tests.flows.scenarios import SCENARIOS

ROOMS = (scenarios_delivering, scenarios_registering, scenarios_selling, scenarios_taking_in)

__all__ = ["ROOMS", "SCENARIOS"]
