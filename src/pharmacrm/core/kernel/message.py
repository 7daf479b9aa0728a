"""Commands, questions, and what their handlers may read."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, Self, TypeVar, get_args, get_origin

from attrs import frozen

from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.memo import remembered
from pharmacrm.core.kernel.query import Condition
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.tenant import Tenant

if TYPE_CHECKING:
    from pharmacrm.core.kernel.appointing import Appointed, Appointment, NotAppointed
    from pharmacrm.core.kernel.calendar import WorkCalendar
    from pharmacrm.core.kernel.journal import Entry, JournalQuery
    from pharmacrm.core.kernel.signing import NotConfirmed, Signature, ToSign
    from pharmacrm.core.kernel.store import Delivery, DeliveryQuery, Queue
    from pharmacrm.core.kernel.summary import Summary, Summed

T_co = TypeVar("T_co", covariant=True)
E = TypeVar("E", bound=Entity)


class Reads(Lookup, Protocol):
    """What a handler may see: everything of its tenant, unmasked, and the same in every retry of one `do`.

    Whatever is read is verified unchanged when the decision is stored.
    """

    @property
    def actor(self) -> str:
        """Who acts."""

    @property
    def roles(self) -> frozenset[str]:
        """The roles that the actor has now."""

    @property
    def on(self) -> date:
        """The business date, in the tenant's zone."""

    @property
    def at(self) -> datetime:
        """The recorded time."""

    @property
    def tenant(self) -> Tenant:
        """The tenant's settings: zone, currency, calendar, rights."""

    @property
    def rights(self) -> frozenset[str]:
        """The name of every right that there is: commands, questions and kinds of record."""

    def count(self, kind: type[Entity], *where: Condition) -> int:
        """How many entities satisfy every condition; a count is not verified when the decision is stored."""

    def summed(self, summary: "Summary") -> "list[Summed]":
        """The groups of a summary, in order, added up where the rows are if the store can.

        Like a count it is not verified when the decision is stored.
        """

    def journal(self, query: "JournalQuery") -> "list[Entry]":
        """Entries of the journal, oldest first."""

    def deliveries(self, query: "DeliveryQuery") -> "list[Delivery]":
        """Notices of the outbox, oldest first."""

    def queues(self) -> "list[Queue]":
        """How each destination of the outbox stands, also one that is loaded and has nothing to deliver."""

    @property
    def destinations(self) -> tuple[str, ...]:
        """The plugins of this process that deliver notices."""

    def calendar(self) -> "WorkCalendar":
        """The tenant's work calendar."""

    def approvers(self, wanted: "Appointment") -> "Appointed | NotAppointed | None":
        """Whom a plugin names for a word of an approval route; None where no plugin knows the word.

        A plugin is asked anew in every retry.
        """

    def signature(self, wanted: "ToSign") -> "Signature | NotConfirmed":
        """What a plugin confirms of the electronic signature of a vote.

        It is asked once, however often a command is decided again.
        """

    def new_id(self) -> str:
        """A new id, time-ordered; the same sequence in every retry of one `do`."""


@frozen(kw_only=True)
class Command(Generic[T_co]):
    """Something a person wants done; its type argument is what a success gives back.

    `subject_field` names the field that holds the id of the thing the command is about, and under which its
    refusals are found; '' says that it is about nothing.
    """

    subject_field: ClassVar[str] = "id"

    @property
    def subject(self) -> str:
        """The id of the thing this command is about, or '' if it has none yet."""
        return str(getattr(self, self.subject_field, "") or "")

    @classmethod
    def handler(cls, function: Callable[[Self, Reads], Decision[T_co]]) -> "Handler":
        """Make a function the handler of this command; a `Domain` lists it."""
        return Handler(cls, function)


@remembered
def value_type(kind: type[Command[Any]]) -> Any:
    """What a success of a command gives back: the type argument of its `Command[...]`; Any if it has none."""
    for base in kind.__mro__:
        for form in getattr(base, "__orig_bases__", ()):
            if get_origin(form) is Command:
                return get_args(form)[0]
    return Any


@frozen(kw_only=True)
class Question(Generic[T_co]):
    """Something a person wants to know; asking changes nothing."""

    @classmethod
    def handler(cls, function: Callable[[Self, Reads], T_co]) -> "Handler":
        """Make a function the handler of this question; a `Domain` lists it."""
        return Handler(cls, function)


@frozen
class Handler:
    """A function that loads what the rule of one message needs, and calls it."""

    message: type[Command[Any]] | type[Question[Any]]
    function: Callable[[Any, Reads], Any]

    def __call__(self, message: Any, read: Reads) -> Any:
        """Call the function itself, as tests do."""
        return self.function(message, read)
