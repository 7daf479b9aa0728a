"""The command line, a thin shell over the door. It needs the extra `cli`: pip install "pharmacrm[cli]"."""

import sys

MISSING = 'The command line needs the extra "cli": pip install "pharmacrm[cli]"'


def main() -> None:
    """Run the command line; without the extra, say how to get it."""
    try:
        from pharmacrm.cli.app import application
    except ImportError:
        sys.exit(MISSING)
    application()()
