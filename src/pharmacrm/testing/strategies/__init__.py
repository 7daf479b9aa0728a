"""Hypothesis strategies of everything that the door takes, and of what it must refuse (extra `testing`).

`commands(PlaceOrder)` gives good commands, a plugin's own as well; `near_misses(PlaceOrder)` gives the same
with one field made bad from the table `TRAPS`. A strategy has no state and knows no store.
"""

from pharmacrm.testing.strategies.messages import (
    NearMiss,
    commands,
    instances,
    near_misses,
    near_misses_of,
    questions,
)
from pharmacrm.testing.strategies.reading import Shape, shapes
from pharmacrm.testing.strategies.traps import TRAPS, Family, Trap, fresh
from pharmacrm.testing.strategies.values import (
    addresses,
    approval_numbers,
    choices,
    currencies,
    dates,
    ids,
    instants,
    money,
    payment_terms,
    percentages,
    prices,
    quantities,
    texts,
    usccs,
    values_of,
)

__all__ = [
    "TRAPS",
    "Family",
    "NearMiss",
    "Shape",
    "Trap",
    "addresses",
    "approval_numbers",
    "choices",
    "commands",
    "currencies",
    "dates",
    "fresh",
    "ids",
    "instances",
    "instants",
    "money",
    "near_misses",
    "near_misses_of",
    "payment_terms",
    "percentages",
    "prices",
    "quantities",
    "questions",
    "shapes",
    "texts",
    "usccs",
    "values_of",
]
