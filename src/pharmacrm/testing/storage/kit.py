"""All parts of the storage kit together."""

from pharmacrm.testing.storage.batches import BatchesKit
from pharmacrm.testing.storage.counters import CountersKit
from pharmacrm.testing.storage.forms import FormsKit
from pharmacrm.testing.storage.laws import LawsKit
from pharmacrm.testing.storage.letters import LettersKit
from pharmacrm.testing.storage.outbox import OutboxKit
from pharmacrm.testing.storage.paging import PagingKit
from pharmacrm.testing.storage.reading import ReadingKit
from pharmacrm.testing.storage.sealing import SealingKit
from pharmacrm.testing.storage.sessions import SessionsKit
from pharmacrm.testing.storage.summing import SummingKit
from pharmacrm.testing.storage.tenants import TenantsKit
from pharmacrm.testing.storage.trail import TrailKit
from pharmacrm.testing.storage.writing import WritingKit


class StorageKit(
    FormsKit,
    ReadingKit,
    PagingKit,
    SummingKit,
    WritingKit,
    BatchesKit,
    CountersKit,
    TenantsKit,
    TrailKit,
    LettersKit,
    SealingKit,
    OutboxKit,
    SessionsKit,
    LawsKit,
):
    """What every store has to pass: subclass it and give it a fixture `store_factory`."""
