"""Rules of law with their dates, and packs of them."""

from collections.abc import Iterable
from datetime import date

from attrs import Factory, frozen

from pharmacrm.core.engines.policy.tables import Tables
from pharmacrm.core.kernel.reason import Reason, Severity, in_order


@frozen(kw_only=True)
class PolicyRule:
    """One rule of law as data: what it is called, where it stands, and on which days it is in force.

    `codes` are the reason codes that the rule gives. Without `effective_from` it has always been in force,
    without `effective_to` (its last day) it still is. `severity` replaces the default of its codes.
    `verified_by` says what stands behind it: the text of the law, a secondary text, knowledge of the field.
    """

    id: str
    codes: tuple[str, ...]
    source: str
    article: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    severity: Severity | None = None
    verified_by: str = ""
    needs_confirmation: bool = False

    def in_force(self, on: date) -> bool:
        """Whether the rule is law on a day; its first and last day count."""
        started = self.effective_from is None or self.effective_from <= on
        return started and (self.effective_to is None or on <= self.effective_to)


@frozen(kw_only=True)
class PolicyPack:
    """Rules and tables of one country and subject in one version: a plain value that never changes."""

    id: str
    version: str
    rules: tuple[PolicyRule, ...] = ()
    tables: Tables = Factory(Tables)

    @property
    def name(self) -> str:
        """Id and version, as a decision records them: `cn_gsp@2026.1`."""
        return f"{self.id}@{self.version}"

    @property
    def unconfirmed(self) -> tuple[PolicyRule, ...]:
        """The rules that somebody has to confirm before relying on them."""
        return tuple(rule for rule in self.rules if rule.needs_confirmation)

    def at(self, on: date) -> tuple[PolicyRule, ...]:
        """The rules in force on a day."""
        return tuple(rule for rule in self.rules if rule.in_force(on))

    def weigh(self, reasons: Iterable[Reason], on: date) -> tuple[Reason, ...]:
        """Drop reasons whose rule is not in force on the day, and give the others the pack's severity.

        Reasons without a rule, or of a rule that the pack does not know, pass as they are.
        """
        rules = {rule.id: rule for rule in self.rules}
        weighed = (_weighed(reason, rules.get(reason.rule), on) for reason in reasons)
        return in_order(reason for reason in weighed if reason is not None)


def _weighed(reason: Reason, rule: PolicyRule | None, on: date) -> Reason | None:
    if rule is None:
        return reason
    if not rule.in_force(on):
        return None
    if rule.severity is None or reason.code not in rule.codes:
        return reason
    return reason.weighed(rule.severity)
