"""The tables of a pack: which licence permits whom to buy which goods, and which papers are on file."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from attrs import Factory, frozen

from pharmacrm.core.values.licence_kinds import LicenceKind
from pharmacrm.core.values.trade import CustomerKind, RxStatus, SpecialControl


@frozen
class Permit:
    """One way to be permitted: a licence of a kind whose scope holds one of these codes; no codes: any scope.

    `by_class`: the scope must also hold the prescription class of the goods (rx, otc_a, otc_b), as it does
    for retail shops (经营类别).
    """

    kind: LicenceKind
    scopes: tuple[str, ...] = ()
    by_class: bool = False

    def allows(self, kind: LicenceKind, scope: Iterable[str], rx: RxStatus) -> bool:
        """Whether a licence of this kind and scope is one."""
        held = frozenset(scope)
        if kind is not self.kind or (self.by_class and rx.value not in held):
            return False
        return not self.scopes or not held.isdisjoint(self.scopes)


Permits = Mapping[CustomerKind, tuple[Permit, ...]]
"""For each kind of buyer, the ways to be permitted; a kind that is missing may not buy."""

Needs = tuple[tuple[LicenceKind, ...], ...]
"""Papers that must be on file; each of them in one of its alternatives."""

NOBODY: Final[Permits] = MappingProxyType({})


@frozen
class Category:
    """A class of goods as licences name it (经营范围): who may buy them, and who may supply them."""

    code: str
    zh: str
    permits: Permits = NOBODY
    supply: Permits = NOBODY


@frozen(kw_only=True)
class Tables:
    """Everything that the rules about licences look up.

    `papers` are those of a customer of each kind, `supplier_papers` those of a supplier; other kinds supply
    nothing. `special` asks for more than the category does; a control that is missing asks for nothing more.
    `retail_packs` is the most smallest packs of one sale without prescription. `longest_months` is the
    longest term of a licence. `scope_names` are all codes that a scope may hold, in Chinese.
    """

    papers: Mapping[CustomerKind, Needs] = Factory(dict)
    supplier_papers: Mapping[CustomerKind, Needs] = Factory(dict)
    categories: Mapping[str, Category] = Factory(dict)
    special: Mapping[SpecialControl, Permits] = Factory(dict)
    no_cash: frozenset[SpecialControl] = frozenset()
    never_online: frozenset[SpecialControl] = frozenset()
    out_of_scope: frozenset[SpecialControl] = frozenset()
    retail_packs: Mapping[SpecialControl, int] = Factory(dict)
    longest_months: Mapping[LicenceKind, int] = Factory(dict)
    scope_names: Mapping[str, str] = Factory(dict)
