"""The commands of the shell that check the books and copy them."""

from pathlib import Path
from typing import Annotated

import typer
from attrs import asdict

from pharmacrm.cli.call import Call
from pharmacrm.cli.saying import Exit
from pharmacrm.core.kernel.verification import Verification

File = Annotated[Path, typer.Argument(help="The file of the copy. 备份文件")]


def verify(context: typer.Context) -> None:
    """Check the journal, its seals and anchors, and the tables; exit code 1 if anything does not fit."""
    call: Call = context.obj
    with call.door() as crm:
        found = crm.verify()
        _tell(call, found)


def backup(
    context: typer.Context,
    file: File,
    drill: Annotated[bool, typer.Option("--drill", help="Restore it into memory, and verify. 演练")] = False,
) -> None:
    """Write a copy of the tenant that any store can take in."""
    call: Call = context.obj
    with call.door() as crm:
        call.voice.say("backup", asdict(crm.export(file)))
        if drill:
            _tell(call, crm.drill(file))


def restore(
    context: typer.Context,
    file: File,
    actor: Annotated[str, typer.Option(help="Who restores it. 操作人")],
    reason: Annotated[str, typer.Option(help="Why; it stands in the journal. 原因")],
) -> None:
    """Take in a copy, all or nothing, into a store that holds nothing of the tenant."""
    call: Call = context.obj
    with call.door() as crm:
        call.voice.say("restore", asdict(crm.restore(file, actor=actor, reason=reason)))


def _tell(call: Call, found: Verification) -> None:
    call.voice.say("verify", asdict(found))
    if not call.voice.as_json:
        for finding in found.findings:
            call.voice.line(str(finding))
    if not found.clean:
        raise typer.Exit(Exit.LOOK)
