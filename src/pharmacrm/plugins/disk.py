"""What adapters that write files need beyond the standard library."""

import os
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows: there the lock of the plugin itself has to do
    fcntl = None  # type: ignore[assignment]


def alone(file: IO[bytes]) -> None:
    """Wait until nobody else, in any thread or process, has the file; it is ours until it is closed."""
    if fcntl is not None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)


def sync_folder(folder: Path) -> None:
    """Have the disk keep the names in a folder, as `fsync` does contents; Windows does so by itself."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def why(error: OSError) -> str:
    """What the system says, without the path, which may tell more than the reader should know."""
    return error.strerror or type(error).__name__
