"""A small house of the driver's own: parcels are sent, and each sending is a notice for the sink."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from attrs import frozen

from pharmacrm.core.kernel.change import Event
from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.record import Column, Record
from pharmacrm.core.kernel.strict import Id, strict
from pharmacrm.crm import PharmaCRM, connect
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import RegisterContext

ADMIN: Final = "ops"
FASTER: Final = 100
"""How many times as fast as the wall the driver's clock runs: a lease of 60 s lasts 0.6 s."""

BEGIN: Final = datetime(2026, 1, 5, tzinfo=UTC)


class FastClock:
    """The time of the machine, `FASTER`; the same in every process of one run."""

    simulated = True

    def __init__(self, start: float) -> None:
        """`start` is the wall's time in seconds at which the run began."""
        self._start = start

    def now(self) -> datetime:
        """The instant that all processes of the run share."""
        passed = datetime.now(UTC).timestamp() - self._start
        return BEGIN + timedelta(seconds=passed * FASTER)

    def resume(self, newest: datetime | None) -> None:
        """Nothing to do: the clock is the machine's."""

    def fault(self, newest: datetime | None = None) -> None:
        """Nothing: the run moves no clock."""

    def claimed(self) -> None:
        """Nothing: there is no other clock."""


@frozen(kw_only=True)
class Parcel(Record):
    """Something that was sent; its place among those of its subject stands in its number."""

    subject: Annotated[str, Column(length=64)]
    number: int


@frozen(kw_only=True)
class ParcelSent(Event):
    """A parcel was sent; `behave` says what its notice does to the relay that carries it."""

    number: int
    behave: str


@frozen(kw_only=True, field_transformer=strict)
class SendParcel(Command[Parcel]):
    """Send a parcel."""

    id: Id
    to: Id
    number: int
    behave: Id


@SendParcel.handler
def send_parcel(command: SendParcel, read: Reads) -> Decision[Parcel]:  # noqa: ARG001 - a handler's form
    """Nothing is read: everything is sent."""
    parcel = Parcel(id=command.id, subject=command.to, number=command.number)
    sent = ParcelSent(subject=command.to, number=command.number, behave=command.behave)
    return accept(parcel, save(parcel), tell(sent))


class Parcels:
    """The plugin that brings the house's one domain."""

    name = "parcels"
    PHARMACRM_API = (1, 0)

    @hookimpl
    def pharmacrm_register(self, context: RegisterContext) -> Domain:  # noqa: ARG002 - the hook's form
        """Parcels, and the right to send them."""
        return Domain(
            name="parcels",
            records=(Parcel,),
            handlers=(send_parcel,),
            events=(ParcelSent,),
            rights={"admin": (SendParcel,)},
        )


def opened(url: str, start: float, plugins: Sequence[object]) -> PharmaCRM:
    """The house's door; processes are killed and not the machine, so SQLite need not wait for the disk."""
    return connect(url, clock=FastClock(start), plugins=(Parcels(), *plugins), durable=False)
