"""What happens in collections."""

from attrs import frozen

from pharmacrm.core.kernel.change import Event


@frozen(kw_only=True)
class ProvisionRatesSet(Event):
    """The rates of bad-debt provision were set. The subject is the day from which they hold."""


@frozen(kw_only=True)
class DunningPolicySet(Event):
    """A dunning policy was set. The subject is the policy."""


@frozen(kw_only=True)
class DunningLetterSent(Event):
    """A customer is to get a dunning letter (催款函). The subject is the letter, which has its items.

    `open` is what is asked for, `claimed` the fee and the interest of this letter.
    """

    customer: str
    level: int
    open: str
    claimed: str


@frozen(kw_only=True)
class BalanceConfirmationRequested(Event):
    """A customer is to confirm a balance (对账函). The subject is the confirmation, which has its items."""

    customer: str


@frozen(kw_only=True)
class BalanceAnswered(Event):
    """A customer answered a confirmation, which is the subject; the state says whether the books agree."""

    customer: str
    state: str


@frozen(kw_only=True)
class BookkeepingStarted(Event):
    """Vouchers are posted from now on."""


@frozen(kw_only=True)
class VoucherPosted(Event):
    """A document was booked. The subject is the voucher, which has its lines."""

    customer: str
    kind: str


EVENTS = (
    BookkeepingStarted,
    VoucherPosted,
    ProvisionRatesSet,
    DunningPolicySet,
    DunningLetterSent,
    BalanceConfirmationRequested,
    BalanceAnswered,
)
