"""What applies of a route to one document, and where decisions lead in it."""

from collections.abc import Collection, Iterator

from attrs import evolve

from pharmacrm.core.engines.approval.routes.definition import (
    Node,
    Parallel,
    Serial,
    Step,
    leaves,
    wanted_branches,
)
from pharmacrm.core.engines.approval.routes.model import Effect


def pruned(node: Node, kept: Collection[str]) -> Node | None:
    """The node without the steps that do not apply; None if nothing is left.

    What does not apply never passes anything: a group of "any" waits for a branch that is there.
    """
    if isinstance(node, Step):
        return node if node.name in kept else None
    members = tuple(one for one in (pruned(member, kept) for member in node.members) if one is not None)
    return evolve(node, members=members) if members else None


def with_added(node: Node, added: Step, *, at: str, before: bool) -> Node:
    """The node with one more step right before or after the step `at`."""
    if isinstance(node, Step):
        if node.name != at:
            return node
        return Serial((added, node) if before else (node, added))
    return evolve(
        node, members=tuple(with_added(member, added, at=at, before=before) for member in node.members)
    )


def standing_of(node: Node, passed: Collection[str], failed: Collection[str]) -> Effect:
    """Whether a node has passed, has failed, or is still to be decided."""
    if isinstance(node, Step):
        if node.name in failed:
            return Effect.FAILED
        return Effect.PASSED if node.name in passed else Effect.NONE
    found = [standing_of(member, passed, failed) for member in node.members]
    wanted = wanted_branches(node) if isinstance(node, Parallel) else len(found)
    if found.count(Effect.PASSED) >= wanted:
        return Effect.PASSED
    return Effect.FAILED if len(found) - found.count(Effect.FAILED) < wanted else Effect.NONE


def waiting(node: Node, passed: Collection[str], failed: Collection[str]) -> Iterator[Step]:
    """The steps that can be decided now: in a series the first, in a group one of each open branch."""
    if standing_of(node, passed, failed) is not Effect.NONE:
        return
    if isinstance(node, Step):
        yield node
        return
    for member in node.members:
        before = standing_of(member, passed, failed)
        yield from waiting(member, passed, failed)
        if isinstance(node, Serial) and before is not Effect.PASSED:
            return


def inevitable(node: Node) -> Iterator[Step]:
    """The steps that have to pass for the node to pass, whichever branches do."""
    if isinstance(node, Step):
        yield node
    elif isinstance(node, Serial) or wanted_branches(node) == len(node.members):
        for member in node.members:
            yield from inevitable(member)


def from_step(node: Node, name: str) -> tuple[str, ...]:
    """A step and all that come after it; branches beside it do not. Empty if there is no such step."""
    if isinstance(node, Step):
        return (name,) if node.name == name else ()
    for place, member in enumerate(node.members):
        found = from_step(member, name)
        if found:
            rest = node.members[place + 1 :] if isinstance(node, Serial) else ()
            return (*found, *(step.name for one in rest for step in leaves(one)))
    return ()


def comes_before(node: Node, earlier: str, later: str) -> bool:
    """Whether one step has to be passed before the other is reached."""
    return earlier != later and later in from_step(node, earlier)
