"""What adapters that write files need beyond the standard library."""

import os
import sys
from pathlib import Path
from typing import IO

if sys.platform != "win32":
    import fcntl


def alone(file: IO[bytes]) -> None:
    """Wait until nobody else, in any thread or process, has the file; it is ours until it is closed.

    Windows has no such lock: there the lock of the plugin itself has to do.
    """
    if sys.platform != "win32":
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


def append(path: Path, line: bytes) -> None:
    """Add one line in one write, alone with the file; if the last line was torn, it is ended first."""
    is_new = not path.exists()
    with path.open("ab+", buffering=0) as file:
        alone(file)
        written = line if _ends_well(file.seek(0, os.SEEK_END), path) else b"\n" + line
        if file.write(written) != len(written):
            raise OSError(0, "the disk took only a part of the line")
        os.fsync(file.fileno())
    if is_new:
        sync_folder(path.parent)


def _ends_well(size: int, path: Path) -> bool:
    if not size:
        return True
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
