"""What hooks are given and what they answer, and one Protocol per hook, so that plugins are checked."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from attrs import field, frozen

from pharmacrm.core.kernel.appointing import Appointed
from pharmacrm.core.kernel.calendar import WorkCalendar
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.seal import Anchor
from pharmacrm.core.kernel.signing import NotSigned, Signed
from pharmacrm.core.kernel.store import Store
from pharmacrm.core.pull import Totals

E = TypeVar("E", bound=Entity)


@frozen(kw_only=True)
class RegisterContext:
    """The API that the door speaks."""

    api: tuple[int, int]


@frozen(kw_only=True)
class StoreContext:
    """Where the records shall live, and how."""

    url: str
    prefix: str
    schema: str | None
    pool_size: int
    durable: bool


@frozen(kw_only=True)
class CheckContext:
    """A command that is about to be carried out, and the reasons found so far."""

    tenant: str
    command: Command[Any]
    actor: str
    roles: frozenset[str]
    on: date
    at: datetime
    reasons: tuple[Reason, ...]
    read: Lookup


@frozen(kw_only=True)
class DeliverContext:
    """One notice: the event's name, the ids it carries, and how often its delivery was begun (1 at first).

    `id` is the same in every attempt: give it to the other side as its idempotency key.
    """

    tenant: str
    id: str
    topic: str
    subject: str
    payload: Mapping[str, Any]
    attempt: int
    at: datetime
    simulated: bool
    read: Lookup


@frozen(kw_only=True)
class CalendarContext:
    """The tenant's setting `calendar`."""

    tenant: str
    name: str


@frozen(kw_only=True)
class ApproversContext:
    """Who is wanted for which document: the word of the route, and what was handed in.

    `document` is empty in a preview; `fields` are the document's fields as texts.
    """

    tenant: str
    word: str
    kind: str
    document: str
    requester: str
    unit: str | None
    amount: Money | None
    content: str
    fields: Mapping[str, str]
    on: date
    at: datetime
    read: Lookup


@frozen(kw_only=True)
class SignatureContext:
    """A vote that would be taken if its signature is right: who signs what, and their proof.

    `text` is what was to be signed, `digest` its SHA-256; it names everything else here. `proof` is what the
    signer handed over; it is stored nowhere.
    """

    tenant: str
    person: str
    document: str
    kind: str
    step: str
    content: str
    text: str
    digest: str
    proof: str = field(repr=False)
    on: date
    at: datetime
    read: Lookup


@frozen(kw_only=True)
class AnchorContext:
    """A seal to be kept outside the database: root, count, last time, the seal before, durability."""

    tenant: str
    anchor: Anchor


@frozen(kw_only=True)
class AnchoredContext:
    """Whose anchors are wanted back."""

    tenant: str


@frozen(kw_only=True)
class PluginFault:
    """What a plugin should not do: it raised, answered with a wrong type, was slow, or did not load."""

    plugin: str
    hook: str
    what: str
    message: str


@frozen(kw_only=True)
class FaultContext:
    """A fault that was recorded."""

    fault: PluginFault


@frozen(kw_only=True)
class PullContext:
    """From where to go on: the cursor of the last answer that was stored (empty at first), and how far."""

    tenant: str
    cursor: str
    limit: int
    at: datetime
    simulated: bool


@frozen
class Item:
    """One thing to take in: its id at the source, which is its idempotency key, and the command to do.

    `place` says where it stands (file and row), `effective_at` is its business date (today by default).
    """

    id: str
    command: Command[Any]
    place: str = ""
    effective_at: date | None = None


@frozen(kw_only=True)
class Unreadable:
    """One thing, or `rows` of them, that cannot be taken in, and why: it goes to quarantine."""

    id: str
    reasons: Sequence[Reason]
    place: str = ""
    rows: int = 1
    amounts: Sequence[Money] = ()


@frozen(kw_only=True)
class Pulled:
    """What a source has: items in order, the cursor after them, and whether there is more.

    `document` names the file or batch that they belong to, of which they are the first (`begins`) or the last
    (`finishes`); `totals` is what the source says the document holds. `whole` items are taken in together
    or not at all.
    """

    items: Sequence[Item | Unreadable]
    cursor: str
    more: bool = False
    document: str = ""
    begins: bool = True
    finishes: bool = True
    totals: Totals | None = None
    whole: bool = False


@frozen
class Delivered:
    """The other side has it."""


@frozen
class RetryAfter:
    """Not now: try again after so many seconds."""

    seconds: int
    why: str = ""


@frozen
class Reject:
    """Never: the notice goes to the dead letters, with this reason."""

    why: str


Result = Delivered | RetryAfter | Reject


class Registers(Protocol):
    """A plugin with the hook `pharmacrm_register`."""

    def pharmacrm_register(self, context: RegisterContext) -> Domain | Sequence[Domain]:
        """See `hookspecs.pharmacrm_register`."""


class GivesStore(Protocol):
    """A plugin with the hook `pharmacrm_store`."""

    def pharmacrm_store(self, context: StoreContext) -> Store | None:
        """See `hookspecs.pharmacrm_store`."""


class Checks(Protocol):
    """A plugin with the hook `pharmacrm_check`."""

    def pharmacrm_check(self, context: CheckContext) -> Sequence[Reason] | None:
        """See `hookspecs.pharmacrm_check`."""


class Delivers(Protocol):
    """A plugin with the hook `pharmacrm_deliver`; `name` is its address in the outbox: never change it."""

    @property
    def name(self) -> str:
        """The plugin's name."""

    @property
    def topics(self) -> tuple[str, ...]:
        """The events it wants, `("*",)` for all of them; read once, when the plugin is loaded."""

    def pharmacrm_deliver(self, context: DeliverContext) -> Result:
        """See `hookspecs.pharmacrm_deliver`."""


class Pulls(Protocol):
    """A plugin with the hook `pharmacrm_pull`; `name` is its account and its cursor's: never change it."""

    @property
    def name(self) -> str:
        """The plugin's name, under which a member of staff with the role `erp` is registered."""

    def pharmacrm_pull(self, context: PullContext) -> Pulled | RetryAfter:
        """See `hookspecs.pharmacrm_pull`."""


class GivesCalendar(Protocol):
    """A plugin with the hook `pharmacrm_calendar`."""

    def pharmacrm_calendar(self, context: CalendarContext) -> WorkCalendar | None:
        """See `hookspecs.pharmacrm_calendar`."""


class NamesApprovers(Protocol):
    """A plugin with the hook `pharmacrm_approvers`."""

    def pharmacrm_approvers(self, context: ApproversContext) -> Appointed | None:
        """See `hookspecs.pharmacrm_approvers`."""


class ConfirmsSignatures(Protocol):
    """A plugin with the hook `pharmacrm_signature`."""

    def pharmacrm_signature(self, context: SignatureContext) -> Signed | NotSigned | None:
        """See `hookspecs.pharmacrm_signature`."""


class HearsFaults(Protocol):
    """A plugin with the hook `pharmacrm_fault`."""

    def pharmacrm_fault(self, context: FaultContext) -> None:
        """See `hookspecs.pharmacrm_fault`."""


class Anchors(Protocol):
    """A plugin with the hooks `pharmacrm_anchor` and `pharmacrm_anchored`; never change its `name`."""

    @property
    def name(self) -> str:
        """The plugin's name."""

    def pharmacrm_anchor(self, context: AnchorContext) -> None:
        """See `hookspecs.pharmacrm_anchor`."""

    def pharmacrm_anchored(self, context: AnchoredContext) -> Sequence[Anchor]:
        """See `hookspecs.pharmacrm_anchored`."""
