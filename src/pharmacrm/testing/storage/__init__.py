"""The kit that proves a store right: subclass `StorageKit`, give it a `store_factory`, and run pytest.

    import pytest
    from pharmacrm.testing.storage import Capabilities, StorageKit

    class TestMyStore(StorageKit):
        capabilities = Capabilities(durable=True)

        @pytest.fixture
        def store_factory(self, tmp_path):
            return lambda: MyStore(tmp_path / "crm.db")

The factory opens a store each time it is called; the kit installs its own kinds and closes what it
opened. Every test works in tenants of its own, so a database may be used again, whatever is in it.
`failures` runs the same tests without pytest.
"""

import pytest

pytest.register_assert_rewrite(
    *(
        f"{__name__}.{name}"
        for name in (
            "batches",
            "bench",
            "counters",
            "forms",
            "laws",
            "letters",
            "machine",
            "model",
            "outbox",
            "paging",
            "reading",
            "sealing",
            "sessions",
            "summing",
            "tenants",
            "trail",
            "writing",
        )
    )
)

from pharmacrm.testing.storage.bench import Bench, Capabilities  # noqa: E402 - rewritten, see above
from pharmacrm.testing.storage.kinds import KINDS  # noqa: E402
from pharmacrm.testing.storage.kit import StorageKit  # noqa: E402
from pharmacrm.testing.storage.runner import failures  # noqa: E402

__all__ = ["KINDS", "Bench", "Capabilities", "StorageKit", "failures"]
