"""What each kind of customer must have, may not have, and may stand below (XT-02)."""

from collections.abc import Mapping
from typing import Final

from pharmacrm.core.values.trade import CustomerKind

_PERSON: Final = frozenset({"name", "short_name", "uscc"})

REQUIRED: Final[Mapping[CustomerKind, frozenset[str]]] = {
    **{kind: frozenset({"name"}) for kind in CustomerKind if kind.is_organisation},
    CustomerKind.DEPARTMENT: frozenset({"name", "parent"}),
    CustomerKind.HCP: frozenset({"person_name"}),
    CustomerKind.CONSUMER: frozenset({"person_name"}),
}
"""Fields that a customer of the kind cannot do without."""

FORBIDDEN: Final[Mapping[CustomerKind, frozenset[str]]] = {
    **{kind: frozenset({"person_name"}) for kind in CustomerKind if kind.is_organisation},
    CustomerKind.DEPARTMENT: frozenset({"person_name", "uscc", "price_list"}),
    CustomerKind.HCP: _PERSON | {"price_list"},
    CustomerKind.CONSUMER: _PERSON | {"parent"},
}
"""Fields that a customer of the kind has not."""

PARENTS: Final[Mapping[CustomerKind, frozenset[CustomerKind]]] = {
    CustomerKind.HOSPITAL: frozenset({CustomerKind.HOSPITAL}),
    CustomerKind.CLINIC: frozenset({CustomerKind.HOSPITAL, CustomerKind.CLINIC}),
    CustomerKind.PHARMACY_CHAIN: frozenset({CustomerKind.PHARMACY_CHAIN, CustomerKind.DISTRIBUTOR}),
    CustomerKind.PHARMACY: frozenset({CustomerKind.PHARMACY_CHAIN}),
    CustomerKind.DISTRIBUTOR: frozenset({CustomerKind.DISTRIBUTOR}),
    CustomerKind.MANUFACTURER: frozenset({CustomerKind.MANUFACTURER}),
    CustomerKind.DEPARTMENT: frozenset({CustomerKind.HOSPITAL, CustomerKind.CLINIC, CustomerKind.DEPARTMENT}),
    CustomerKind.HCP: frozenset({CustomerKind.HOSPITAL, CustomerKind.CLINIC, CustomerKind.DEPARTMENT}),
    CustomerKind.CONSUMER: frozenset(),
}
"""The kinds that a customer of the kind may stand below."""
