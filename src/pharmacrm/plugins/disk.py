"""What adapters that write files need beyond the standard library."""

import os
from pathlib import Path


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
