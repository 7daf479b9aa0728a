"""One call of the shell: which door is opened, and how it answers."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from attrs import frozen

from pharmacrm.cli.opening import Where
from pharmacrm.cli.saying import Exit, Voice
from pharmacrm.core.kernel.errors import PharmaCRMError
from pharmacrm.crm import PharmaCRM


@frozen
class Call:
    """What stands before the command: which door, and how to answer."""

    where: Where
    voice: Voice

    @contextmanager
    def door(self) -> Iterator[PharmaCRM]:
        """The door, closed afterwards; what goes wrong is said, and ends with its exit code."""
        try:
            crm = self.where.opened()
            try:
                yield crm
            finally:
                crm.close()
        except PharmaCRMError as error:
            self.voice.fail(error)
            raise typer.Exit(Exit.FAILED) from None
