"""Stories of documents on routes, told to the last field: what each step answers, stores, removes and tells.

    python -m tests.approval.traces --write

keeps them in `traces.jsonl`, to be read before they are kept; a test tells them again.
"""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from attrs import evolve

from pharmacrm.core.engines.approval import Meaning
from pharmacrm.core.engines.approval.routes import (
    EVERYONE,
    Act,
    ByManager,
    ByRole,
    ByUser,
    Case,
    Field,
    FieldKind,
    FollowUp,
    Guard,
    Inspection,
    Lapse,
    OnEmpty,
    OnReject,
    Parallel,
    Percent,
    Persons,
    Points,
    Refusal,
    Route,
    Serial,
    Signing,
    Timeout,
    change,
    follow_up,
    migrate,
    override,
    plan,
    ring,
    shown,
    submit,
    withdraw,
)
from pharmacrm.core.kernel.change import Remove, Save, Touch
from pharmacrm.core.kernel.codec import to_plain
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason, Severity
from tests.approval.routed import (
    AT,
    OFFICE,
    WORK,
    Company,
    company,
    document,
    following,
    moves_of,
    routed,
    say,
    stage,
)

KEPT = Path(__file__).parent / "traces.jsonl"
Told = dict[str, Any]
LEAD, FINANCE, QUALITY = stage("lead"), stage("finance"), stage("quality")
BETTER = "1" * 64
STOP = Reason(code="hold.open", severity=Severity.BLOCK, subject="Q-1", observed="price.off_list")
FOUND = Reason(code="licence.expired", severity=Severity.BLOCK, subject="H-001", observed="2026-01-15")


class Story:
    """A case on its way, and what every step of it was."""

    def __init__(self, route: Route, people: Company = OFFICE, **more: Any) -> None:
        self.people = people
        self.steps: list[Told] = []
        self.route = route
        paper = document(**more)
        answer = submit(
            route, plan(route, paper, people), paper, earlier=(), at=AT, work=WORK, comment="请批"
        )
        self._tell("submit", answer)
        self.case = (
            Case(route=route, request=answer.value, moves=moves_of(answer), work=WORK)
            if answer.value is not None
            else None
        )

    def say(self, person: str, act: Act = Act.APPROVE, **more: Any) -> "Story":
        """What somebody says."""
        return self.do(f"{person} {act}", lambda case: say(case, person, act, self.people, **more))

    def do(self, name: str, step: Callable[[Case], Decision[Any]]) -> "Story":
        """Anything else that happens."""
        assert self.case is not None
        answer = step(self.case)
        self._tell(name, answer)
        self.case = following(self.case, answer)
        return self

    def change(self, **more: Any) -> "Story":
        """The document becomes another one."""
        paper = document(content=BETTER, **more)
        planned = plan(self.route, paper, self.people)
        return self.do("change", lambda case: change(case, planned, paper, by="zhang", at=AT, comment="改价"))

    def clock(self, hours: int) -> "Story":
        """So many hours after it was handed in."""
        return self.do(f"after {hours} hours", lambda case: ring(case, at=AT + timedelta(hours=hours)))

    def found(self, inspected: Inspection) -> "Story":
        """The machine has looked at the document."""
        assert self.case is not None
        self.case = evolve(self.case, inspected=inspected)
        return self

    def _tell(self, name: str, answer: Decision[Any]) -> None:
        self.steps.append(
            {
                "step": name,
                "reasons": [_reason(reason) for reason in answer.reasons],
                "changes": [_change(one) for one in answer.changes],
                "events": [{"event": type(one).__name__, **to_plain(one)} for one in answer.events],
            }
        )


def _reason(reason: Reason) -> Told:
    names = ("code", "severity", "subject", "field", "observed", "expected", "message", "message_zh")
    return {name: str(getattr(reason, name)) for name in names if getattr(reason, name)}


def _change(change: object) -> Told:
    match change:
        case Save(entity=entity):
            return {"save": type(entity).__name__, **_worded(to_plain(entity))}
        case Touch(record=record):
            return {"touch": type(record).__name__, "id": record.id}
        case Remove(part=part):
            return {"remove": type(part).__name__, "id": part.id}
    raise AssertionError(change)


def _worded(plain: Told) -> Told:
    """Without what is empty."""
    return {name: value for name, value in plain.items() if value not in ("", None, [], 0, False)}


def stories() -> Iterator[tuple[str, Story]]:
    """Every story by its name."""
    yield "one after the other", Story(routed(LEAD, FINANCE)).say("li").say("qian")
    yield "who has no say", _no_say()
    yield "two of three", _two_of_three()
    yield (
        "points",
        Story(routed(stage("board", ByRole("quality"), ByUser("he", weight=3), quorum=Points(4))))
        .say("sun")
        .say("he"),
    )
    yield "shares and abstentions", _shares()
    yield "rejected", Story(routed(LEAD, FINANCE)).say("li", Act.REJECT, comment="价格过低")
    yield "rejected to the requester", _to_requester()
    yield (
        "rejected from the start",
        Story(routed(LEAD, stage("finance", on_reject=OnReject.RESTART)))
        .say("li")
        .say("qian", Act.REJECT)
        .say("wang")
        .say("qian"),
    )
    yield (
        "rejected to a step",
        Story(routed(LEAD, stage("quality"), stage("finance", back_to="lead")))
        .say("li")
        .say("sun")
        .say("qian", Act.REJECT)
        .say("wang"),
    )
    yield (
        "refused out of reach",
        Story(routed(stage("quality", quorum=Persons(2), refusal=Refusal.OUT_OF_REACH)))
        .say("sun", Act.REJECT)
        .say("zhou", Act.REJECT),
    )
    yield (
        "returned to a step",
        Story(routed(LEAD, QUALITY, FINANCE))
        .say("li")
        .say("sun")
        .say("qian", Act.RETURN, target="lead")
        .say("li")
        .say("zhou")
        .say("qian"),
    )
    yield "asked, answered, forwarded, added", _talk()
    yield "stood in for", _deputies()
    yield "overridden", _overridden()
    yield (
        "withdrawn",
        Story(routed(LEAD, FINANCE))
        .say("li")
        .do("somebody else withdraws", lambda case: withdraw(case, by="li", at=AT))
        .do("withdraw", lambda case: withdraw(case, by="zhang", at=AT, comment="客户取消"))
        .do("withdraw again", lambda case: withdraw(case, by="zhang", at=AT)),
    )
    yield "changed under a guard", _guarded()
    yield "the clock", _timed()
    yield "nobody there", _nobody()
    yield "held and found", _inspected()
    yield "signed after", _followed()
    yield "another version", _migrated()


def _no_say() -> Story:
    story = Story(routed(LEAD, FINANCE)).say("zhang").say("sun").say("qian").say("li", step="finance")
    return story.say("li", seen=BETTER).say("li", step="nowhere").say("li").say("li").say("wang")


def _two_of_three() -> Story:
    both = Parallel((Serial((LEAD, FINANCE)), stage("quality", quorum=Persons(2))))
    return Story(routed(both)).say("sun").say("li").say("zhou").say("wu").say("qian").say("qian")


def _shares() -> Story:
    story = Story(routed(stage("quality", quorum=Percent(60)), stage("lead", quorum=EVERYONE)))
    story.say("sun", Act.ABSTAIN).say("zhou", Act.ABSTAIN).say("zhou").say("wu").say("wang", Act.ABSTAIN)
    return story.say("li", Act.ABSTAIN).say("li")


def _to_requester() -> Story:
    story = Story(routed(LEAD, stage("finance", on_reject=OnReject.REQUESTER)))
    return story.say("li").say("qian", Act.REJECT).say("li").change().say("li").say("qian")


def _talk() -> Story:
    story = Story(routed(LEAD, FINANCE))
    story.say("li", Act.ASK, target="sun", comment="有货吗？").say("wu", Act.ANSWER)
    story.say("sun", Act.ANSWER, comment="").say("sun", Act.ANSWER, comment="有货")
    story.say("li", Act.FORWARD, target="zhang").say("li", Act.FORWARD, target="he").say("li")
    story.say("he", Act.ADD_BEFORE, target="wu").say("wu").say("he", Act.ADD_AFTER, target="zhou").say("he")
    return story.say("zhou").say("qian", Act.RETURN, comment="").say("qian", Act.RETURN, target="finance")


def _deputies() -> Story:
    story = Story(routed(LEAD, FINANCE))
    story.say("sun", deputies=["li"]).say("sun", deputies=["li"], acting_for="li")
    return story.say("li", deputies=["qian"]).say("wu", deputies=["zhang"]).say("wu", acting_for="qian")


def _overridden() -> Story:
    def passed(person: str, step: str, comment: str) -> Callable[[Case], Decision[Any]]:
        return lambda case: override(case, OFFICE.person(person), step=step, comment=comment, at=AT)

    story = Story(routed(LEAD, FINANCE)).do("early", passed("he", "finance", "紧急"))
    story.do("the requester", passed("zhang", "lead", "紧急")).do("no comment", passed("he", "lead", ""))
    story.do("lead", passed("he", "lead", "紧急")).do("twice", passed("he", "finance", "紧急"))
    return story.do("finance", passed("sun", "finance", "紧急")).do("over", passed("wu", "finance", "紧急"))


def _guarded() -> Story:
    route = routed(
        LEAD,
        QUALITY,
        FINANCE,
        fields=(Field("discount", FieldKind.NUMBER), Field("note", FieldKind.TEXT, required=False)),
        guards=(Guard("discount", "quality"), Guard("note", "finance"), Guard("amount")),
    )
    story = Story(route, fields={"discount": "5"}, amount=Money("100.00", "CNY"))
    story.say("li").say("sun").say("qian")
    story.change(fields={"discount": "5", "note": "新"}, amount=Money("100.00", "CNY"))
    story.say("qian").change(fields={"discount": "9", "note": "新"}, amount=Money("120.00", "CNY")).say(
        "zhou"
    )
    story.say("wang")
    return story.change(fields={"discount": "9", "note": "新"}, amount=Money("120.00", "CNY"), unit="east")


def _timed() -> Story:
    late = stage(
        "lead",
        timeout=Timeout(remind=4, escalate=9, decide=18, lapse=Lapse.APPROVE),
        escalate_to=(ByUser("he"),),
    )
    last = stage("finance", timeout=Timeout(decide=2), on_reject=OnReject.REQUESTER)
    story = Story(routed(late, last)).clock(3).clock(4).clock(4).clock(9).clock(33)
    return story.clock(40).clock(60)


def _nobody() -> Story:
    few = company(zhang="sales", li="lead")
    skipped = stage("finance", if_empty=OnEmpty.SKIP)
    nobody = Story(routed(LEAD, skipped), few).say("li")
    for if_empty in (OnEmpty.ERROR, OnEmpty.SKIP):
        lone = Story(routed(stage("finance", if_empty=if_empty)), few)
        nobody.steps.extend(lone.steps)
    above = Story(routed(stage("boss", ByManager(1))), Company({"zhang": frozenset({"sales"})}, {}))
    nobody.steps.extend(above.steps)
    return nobody


def _inspected() -> Story:
    checked = stage("lead", checks=("licences",))
    wrong = Inspection(content="0" * 64, shown={"lead": shown("licences", "1", [FOUND])})
    right = Inspection(content="0" * 64, shown={"lead": shown("licences", "1", [])})
    story = Story(routed(checked, FINANCE)).found(Inspection(content=BETTER)).say("li")
    story.found(Inspection(stops=(STOP,))).say("li").clock(1)
    story.do("override", lambda case: override(case, OFFICE.person("he"), step="lead", comment="急", at=AT))
    story.found(wrong).say("li")
    story.do("override", lambda case: override(case, OFFICE.person("he"), step="lead", comment="急", at=AT))
    return story.found(right).say("li").say("qian")


def _followed() -> Story:
    def signed(person: str, seen: str = "", step: str = "issue") -> Callable[[Case], Decision[Any]]:
        words = Signing(step=step, document="OUT-1", content=BETTER, seen=seen, comment="出库")
        return lambda case: follow_up(case, OFFICE.person(person), words, at=AT)

    meant = Meaning("goods issued as on this slip", "仓库按单出库")
    route = routed(LEAD, after=(FollowUp("issue", "出库", (ByRole("quality"),), meant),))
    story = (
        Story(route).do("early", signed("sun")).say("li").do("no such step", signed("sun", step="receipt"))
    )
    story.do("not seen", signed("sun", "2" * 64)).do("who decided", signed("li")).do(
        "sign", signed("sun", BETTER)
    )
    return story.do("the same again", signed("sun")).do("another one", signed("zhou"))


def _migrated() -> Story:
    newer = routed(LEAD, QUALITY, FINANCE, version=2)
    paper = document()

    def moved(comment: str, by: str = "he") -> Callable[[Case], Decision[Any]]:
        return lambda case: migrate(case, newer, plan(newer, paper, OFFICE), by=by, at=AT, comment=comment)

    story = Story(routed(LEAD, FINANCE)).say("li").do("no comment", moved("")).do("migrate", moved("新制度"))
    assert story.case is not None
    story.case = evolve(story.case, route=newer)
    return story.do("again", moved("新制度")).say("sun").say("qian")


def told() -> list[Told]:
    """All stories, a line for each of their steps."""
    return [
        {"story": name, "number": number, **step}
        for name, story in stories()
        for number, step in enumerate(story.steps, start=1)
    ]


def kept() -> list[Told]:
    """The stories as they are kept."""
    return [json.loads(line) for line in KEPT.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__" and "--write" in sys.argv:
    lines = (json.dumps(one, ensure_ascii=False, default=str) for one in told())
    KEPT.write_text("\n".join(lines) + "\n", encoding="utf-8")
