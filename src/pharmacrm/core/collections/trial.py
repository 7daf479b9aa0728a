"""The trial balance of posted vouchers (科目余额表): what every account says at the end of a day."""

from collections.abc import Iterable
from datetime import date

from attrs import frozen

from pharmacrm.core.collections.ledger import LedgerRole
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.summary import Summed


@frozen(kw_only=True)
class TrialLine:
    """An account with all that was booked on either of its sides; `account` is '' where none was named."""

    role: LedgerRole
    account: str
    debit: Money
    credit: Money

    @property
    def balance(self) -> Money:
        """Debits less credits: positive for a debit balance."""
        return self.debit - self.credit


@frozen(kw_only=True)
class TrialBalance:
    """Every account at the end of a day, in one currency; debits and credits are equal."""

    as_of: date
    currency: str
    lines: tuple[TrialLine, ...]

    @property
    def debit(self) -> Money:
        """All debits."""
        return Money.total((line.debit for line in self.lines), self.currency)

    @property
    def credit(self) -> Money:
        """All credits."""
        return Money.total((line.credit for line in self.lines), self.currency)

    def of(self, role: LedgerRole) -> Money:
        """The balance of a role, whatever its accounts."""
        return Money.total((line.balance for line in self.lines if line.role is role), self.currency)


def trial_balance(groups: Iterable[Summed], *, as_of: date, currency: str) -> TrialBalance:
    """Write the trial balance from the sums of debits and credits by role and account."""
    lines = [
        TrialLine(
            role=LedgerRole(group.by[0]),
            account=group.by[1],
            debit=Money.of_minor(group.sums[0], currency),
            credit=Money.of_minor(group.sums[1], currency),
        )
        for group in groups
    ]
    order = list(LedgerRole)
    lines.sort(key=lambda line: (order.index(line.role), line.account))
    return TrialBalance(as_of=as_of, currency=currency, lines=tuple(lines))
