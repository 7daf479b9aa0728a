"""What an approval route (审批流程) is: steps one after the other or side by side, as immutable data."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from attrs import field, frozen

from pharmacrm.core.engines.approval.definition import Meaning
from pharmacrm.core.engines.approval.routes.approvers import Source
from pharmacrm.core.engines.approval.routes.conditions import Condition
from pharmacrm.core.engines.approval.routes.facts import FieldKind
from pharmacrm.core.engines.approval.routes.quorum import ANYONE, EVERYONE, Persons, Quorum
from pharmacrm.core.kernel.words import Words


class OnEmpty(StrEnum):
    """What happens to a step that nobody could decide: an error, a skip that is told, or those above."""

    ERROR = "error"
    SKIP = "skip"
    ESCALATE = "escalate"


class OnReject(StrEnum):
    """Where a rejected step leads: the END of the request, a RESTART at the first step, or the requester."""

    END = "end"
    RESTART = "restart"
    REQUESTER = "requester"


class Refusal(StrEnum):
    """When a step counts as rejected: at the FIRST rejection, or once its quorum is OUT_OF_REACH."""

    FIRST = "first"
    OUT_OF_REACH = "out_of_reach"


class Lapse(StrEnum):
    """What a step decides by itself when its time is up."""

    APPROVE = "approve"
    REJECT = "reject"


@frozen(kw_only=True)
class Timeout:
    """Working hours after which a waiting step reminds, goes to those above as well, or decides by itself."""

    remind: int | None = None
    escalate: int | None = None
    decide: int | None = None
    lapse: Lapse = Lapse.REJECT


@frozen
class Step:
    """One step (审批环节): who decides, how many of them, under which condition, and what if nobody does.

    Several sources in `by` are added up. `back_to` names an earlier step to which a rejection leads instead
    of `on_reject`. `escalate_to` are those above, for an empty step and for one that waits too long. `checks`
    are what the machine looks at before each approval: what blocks there, nobody can sign away. `signature`
    wants every vote, and an override, to be signed electronically.
    """

    name: str
    label_zh: str
    by: tuple[Source, ...]
    quorum: Quorum = ANYONE
    when: Condition | None = None
    if_empty: OnEmpty = OnEmpty.ERROR
    escalate_to: tuple[Source, ...] = ()
    on_reject: OnReject = OnReject.END
    back_to: str = ""
    refusal: Refusal = Refusal.FIRST
    timeout: Timeout | None = None
    meaning: Meaning | None = None
    checks: tuple[str, ...] = ()
    signature: bool = False

    @property
    def label(self) -> Words:
        """The step as a sentence names it."""
        return Words(self.name, self.label_zh)

    @property
    def says(self) -> Meaning:
        """What an approval of this step says in the trail."""
        return self.meaning or Meaning(f"approved at step {self.name}", f"{self.label_zh}：同意")


@frozen
class FollowUp:
    """A signature that is wanted once the route is approved: one under each document that follows."""

    name: str
    label_zh: str
    by: tuple[Source, ...]
    meaning: Meaning | None = None

    @property
    def label(self) -> Words:
        """The signature as a sentence names it."""
        return Words(self.name, self.label_zh)

    @property
    def says(self) -> Meaning:
        """What the signature says in the trail."""
        return self.meaning or Meaning(f"signed as {self.name}", f"{self.label_zh}：已签字")


@frozen
class Serial:
    """Steps and groups one after the other."""

    members: tuple["Node", ...]


@frozen
class Parallel:
    """Steps and groups side by side: all of these branches have to pass, or so many of them."""

    members: tuple["Node", ...]
    branches: Quorum = EVERYONE


Node = Step | Serial | Parallel
SUBMITTED = Meaning("submitted for approval", "提交审批")
"""What a requester signs by handing in, where the route does not say it."""


@frozen
class Field:
    """A field of the document that conditions, approvers or guards may name; one may be left out."""

    name: str
    kind: FieldKind
    required: bool = True


@frozen
class Guard:
    """A field whose change takes back what was decided from this step on; `step` "" takes back nothing.

    A change of a field without a guard, or of the content alone, takes back everything.
    """

    field: str
    step: str = ""


def _fields_in_order(fields: Iterable[Field]) -> tuple[Field, ...]:
    """Fields by name: in which order they are declared says nothing."""
    return tuple(sorted(fields, key=lambda one: one.name))


def _guards_in_order(guards: Iterable[Guard]) -> tuple[Guard, ...]:
    """Guards by field, as `_fields_in_order`."""
    return tuple(sorted(guards, key=lambda one: one.field))


@frozen(kw_only=True)
class Route:
    """A route for documents of one kind; a request pins it by `name` and never sees a later version.

    Of several routes of a kind the one with the highest `priority` whose `when` is met is taken. `submission`
    is what the requester signs by handing in, `after` what is signed under documents that follow.
    """

    code: str
    version: int
    kind: str
    steps: tuple[Node, ...]
    after: tuple[FollowUp, ...] = ()
    submission: Meaning = SUBMITTED
    fields: tuple[Field, ...] = field(default=(), converter=_fields_in_order)
    guards: tuple[Guard, ...] = field(default=(), converter=_guards_in_order)
    when: Condition | None = None
    priority: int = 0
    requester_may_decide: bool = False
    one_signature_each: bool = True
    if_nothing: OnEmpty = OnEmpty.ERROR

    @property
    def name(self) -> str:
        """Code and version, such as quote_cn@1."""
        return f"{self.code}@{self.version}"

    @property
    def root(self) -> Serial:
        """The whole route as one group."""
        return Serial(self.steps)

    def all_steps(self) -> tuple[Step, ...]:
        """Every step, in the order in which they are written."""
        return tuple(leaves(self.root))

    def step(self, name: str) -> Step | None:
        """The step of this name, or None."""
        return next((step for step in leaves(self.root) if step.name == name), None)

    def follow_up(self, name: str) -> FollowUp | None:
        """The signature under documents that follow of this name, or None."""
        return next((one for one in self.after if one.name == name), None)

    def label(self, name: str) -> Words:
        """A step or a signature as a sentence names it; one that the route does not have keeps its name."""
        found = self.step(name) or self.follow_up(name)
        return found.label if found else Words(name, name)


def leaves(node: Node) -> Iterator[Step]:
    """The steps under a node, in the order in which they are written."""
    if isinstance(node, Step):
        yield node
        return
    for member in node.members:
        yield from leaves(member)


def wanted_branches(group: Parallel) -> int:
    """How many branches of a group have to pass, at most all that there are."""
    if isinstance(group.branches, Persons):
        return min(group.branches.count, len(group.members))
    return len(group.members)
