"""One unit of work: what happens to each command, from the key to the staged rows."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from attrs import define, evolve, field, frozen

from pharmacrm.core.kernel.change import Change, KeepHeld, NoteRefusal, Touch
from pharmacrm.core.kernel.codec import from_plain, instant_text, loads
from pharmacrm.core.kernel.dates import local_date
from pharmacrm.core.kernel.decision import Decision, Outcome, refuse, save
from pharmacrm.core.kernel.errors import (
    MISSING,
    MalformedInput,
    NotFound,
    NotInstalled,
    NotPermitted,
    PluginFailure,
    SchemaChanged,
)
from pharmacrm.core.kernel.held import HeldCommand, HeldState, Redo
from pharmacrm.core.kernel.journal import Entry, JournalQuery, Verb, hashed, reasons_text
from pharmacrm.core.kernel.message import Command, Question
from pharmacrm.core.kernel.query import Query, eq
from pharmacrm.core.kernel.reason import Reason, Severity, in_order
from pharmacrm.core.kernel.record import Entity, kind_name
from pharmacrm.core.kernel.store import Answer, Session
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.core.people import RoleAssignment, Staff
from pharmacrm.crm.answers import answer_of, given_in, named
from pharmacrm.crm.asking import as_journal_query, as_kind
from pharmacrm.crm.clocks import ClockFault
from pharmacrm.crm.codes import KEY_REUSED, RIGHT_LOST, TIME_FUTURE, TIME_MOVED_BACK
from pharmacrm.crm.desk import Desk
from pharmacrm.crm.ids import Ids
from pharmacrm.crm.pointing import check_names, pointed
from pharmacrm.crm.reading import Reading
from pharmacrm.crm.request import Request
from pharmacrm.crm.rights import SYSTEM, Actor, actor_of, may
from pharmacrm.crm.stage import Act, Stage
from pharmacrm.crm.waiting import held_command, holds_of

T = TypeVar("T")


@frozen
class Again:
    """A held command, decided anew."""

    held: HeldCommand
    command: Command[Any]
    reading: Reading
    decision: Decision[Any]


@define
class Unit:
    """Commands and questions of one actor over one session, staged together."""

    desk: Desk
    session: Session
    stage: Stage = field(factory=Stage)

    def carry_out(self, request: Request[T], ids: Ids) -> Decision[T]:
        """Decide one command and store what it stores; a denial is stored, then raised."""
        try:
            decision = self.perform(request, ids)
        except NotPermitted:
            self.flush()
            raise
        if not decision.replayed:
            self.flush()
        return decision

    def flush(self) -> None:
        """Store what is staged, in one short transaction or savepoint."""
        if not self.stage.empty:
            batch = self.stage.batch(self.stage.moment(self.desk.clock.now()))
            self.session.flush(self.desk.tenant, batch)

    def perform(self, request: Request[T], ids: Ids) -> Decision[T]:
        """Decide one command and stage what it stores; of a denial its row is staged, then it is raised."""
        reused: Decision[T] | None = None
        if request.key:
            answered = self._answered(request)
            if answered is not None and answered.replayed and self._still_may(request):
                return answered
            reused = answered
        reading = self._reading(request.actor, request.on, ids)
        reading.asked = request.asked
        self.desk.same_clock(reading.tenant)
        who = self._who(reading)
        self.desk.registry.handler(type(request.command))  # what nobody handles is no matter of rights
        if not may(who, request.right, self.desk.registry.rights, reading.tenant):
            self._note(
                self._act(request.right, reading, request.key), request.command.subject, (), Verb.DENIED, ids
            )
            raise NotPermitted(request.actor, request.right)
        command = request.command
        decision = self._untimely(command) or reused or self._decide(command, reading)
        return self._settle(request, decision, reading, ids)

    def _untimely(self, command: Command[T]) -> Decision[T] | None:
        """A refusal while a clock is wrong: nothing but its row is stored."""
        clock = self.desk.clock
        fault = clock.fault(self.stage.seen.newest)
        if fault is None:
            return None
        code = TIME_FUTURE if fault is ClockFault.FUTURE else TIME_MOVED_BACK
        said = instant_text(clock.claimed() or clock.now())
        return refuse(code(command.subject, observed=said, expected=instant_text(clock.now())))

    def ask(self, question: Question[T], actor: str, ids: Ids) -> T:
        """Answer a question within the actor's rights."""
        if not isinstance(question, Question):
            raise MalformedInput("question.type", "a question is wanted", field="question", value=question)
        reading = self._reading(actor, None, ids)
        handler = self.desk.registry.handler(type(question))
        self._require(reading, type(question).__name__)
        check_names(question, reading, self.desk.registry.kinds)
        try:
            answer: T = handler(question, reading)
        except NotFound as error:
            raise pointed(error, question) from None
        return answer

    def reading_for(self, actor: str, kind: type[Entity], ids: Ids) -> Reading:
        """Plain reads of one kind within the actor's rights."""
        reading = self._reading(actor, None, ids)
        self._require(reading, as_kind(kind).__name__)
        return reading

    def journal(self, query: JournalQuery, actor: str, ids: Ids) -> list[Entry]:
        """Entries of the journal, for those who may read it."""
        return self.may_read_journal(actor, ids).journal(as_journal_query(query))

    def may_read_journal(self, actor: str, ids: Ids) -> Reading:
        """Reads for somebody who may read the journal; anybody else is refused."""
        reading = self._reading(actor, None, ids)
        self._require(reading, Entry.__name__)
        return reading

    def _require(self, reading: Reading, right: str) -> None:
        if not may(self._who(reading), right, self.desk.registry.rights, reading.tenant):
            raise NotPermitted(reading.actor, right)

    def _reading(self, actor: str, on: date | None, ids: Ids) -> Reading:
        now = self.desk.clock.now()
        reading = Reading(
            self.session,
            self.desk.tenant,
            self.stage.seen,
            self.stage.staged,
            ids,
            actor,
            date.min,
            now,
            self.desk.plugins.calendar,
            self.desk.plugins.approvers,
            self.desk.plugins.signature,
            self.desk.registry.all_rights,
            destinations=self.desk.plugins.all_destinations,
        )
        tenant = self._installed(lambda: reading.seek(Tenant, self.desk.tenant))
        if tenant is None:
            raise NotInstalled(self.desk.tenant)
        reading.known = tenant
        reading.at = self.stage.moment(now)
        reading.on = on if on is not None else local_date(reading.at, tenant.tz)
        return reading

    def _installed(self, read: Callable[[], T]) -> T:
        """The first read of a unit: without any tables, the tenant is not installed."""
        try:
            return read()
        except SchemaChanged as error:
            if error.code == MISSING:
                raise NotInstalled(self.desk.tenant) from error
            raise

    def _who(self, reading: Reading) -> Actor:
        if reading.actor == SYSTEM:
            who = Actor(SYSTEM, frozenset({SYSTEM}))
        else:
            staff = reading.seek(Staff, reading.actor)
            roles = reading.find(RoleAssignment, eq("staff", reading.actor)) if staff is not None else []
            who = actor_of(reading.actor, staff, roles)
        reading.roles = who.roles
        return who

    def _still_may(self, request: Request[Any]) -> bool:
        """Whether somebody who gave a command before may still give it; no clock is asked."""
        actor = request.actor
        tenant = self.session.get(self.desk.tenant, Tenant, self.desk.tenant)
        staff = self.session.get(self.desk.tenant, Staff, actor)
        held = self.session.find(self.desk.tenant, RoleAssignment, Query((eq("staff", actor),)))
        if tenant is None or staff is None:
            return actor == SYSTEM
        who = actor_of(actor, staff.entity, [each.entity for each in held])
        return may(who, request.right, self.desk.registry.rights, tenant.entity)

    def _decide(self, command: Command[T], reading: Reading, passed: tuple[str, ...] = ()) -> Decision[T]:
        handler = self.desk.registry.handler(type(command))
        try:
            decision: Decision[T] = handler(command, reading)
        except NotFound as error:
            raise pointed(error, command) from None
        if type(decision) is not Decision:
            raise PluginFailure(f"the handler of {type(command).__name__} gave no Decision")
        for complete in (*self.desk.registry.following, *self.desk.registry.completing):
            decision = complete(decision, reading)
        found = self.desk.plugins.check(command, decision, reading)
        reasons = in_order(
            reason.weighed(Severity.INFO)
            if reason.severity is Severity.APPROVE and reason.code in passed
            else reason
            for reason in (*decision.reasons, *found)
        )
        return evolve(decision, reasons=reasons)

    def _settle(self, request: Request[T], decision: Decision[T], reading: Reading, ids: Ids) -> Decision[T]:
        act = self._act(request.right, reading, request.key)
        if decision.outcome is Outcome.REFUSED:
            entry = self._note(act, request.command.subject, decision.reasons, Verb.REFUSED, ids)
            return Decision(reasons=decision.reasons, id=entry.id)
        if decision.uncovered:
            decision = self._hold(request, decision, reading)
        decision = self._with_kept(request, decision, reading)
        freed = [self._again(change, reading, ids) for change in decision.changes if isinstance(change, Redo)]
        written = len(self.stage.entries)
        self.stage.apply(decision.changes, act, ids)
        for again in (self._redo(each, ids) for each in freed):
            reasons = in_order((*decision.reasons, *again.reasons))
            decision = evolve(decision, reasons=reasons, events=(*decision.events, *again.events))
        entry_id = self.stage.entries[written].id if len(self.stage.entries) > written else ""
        self.stage.tell(decision.events, self.desk.plugins.destinations(decision.events), act, ids)
        for change in decision.changes:
            if isinstance(change, NoteRefusal):
                noted = self._note(act, change.subject, change.reasons, Verb.REFUSED, ids)
                entry_id = entry_id or noted.id
        answer = self._given(decision, entry_id)
        if request.key:
            self.stage.keys.append(answer_of(request, answer))
        return answer

    def _given(self, decision: Decision[T], entry: str) -> Decision[T]:
        value: Any = decision.value
        if isinstance(value, Entity):
            value = self.stage.now((type(value), value.id)) or value
        return Decision(value=value, reasons=decision.reasons, id=entry, case=decision.case)

    def _act(self, command: str, reading: Reading, key: str) -> Act:
        at = self.stage.moment(reading.at)
        roles = ",".join(sorted(reading.roles))
        return Act(
            tenant=self.desk.tenant,
            actor=reading.actor,
            roles=roles,
            command=command,
            key=key,
            on=reading.on,
            at=at,
        )

    def _note(self, act: Act, subject: str, reasons: tuple[Reason, ...], verb: Verb, ids: Ids) -> Entry:
        entry = Entry(
            id=ids.next(),
            recorded_at=act.at,
            effective_on=act.on,
            actor=act.actor,
            roles=act.roles,
            command=act.command,
            key=act.key,
            verb=verb,
            kind="",
            subject=subject,
            claimed_at=self.desk.clock.claimed(),
            reasons=reasons_text(reasons),
        )
        entry = hashed(act.tenant, entry)
        self.stage.entries.append(entry)
        return entry

    def _hold(self, request: Request[T], decision: Decision[T], reading: Reading) -> Decision[T]:
        """Keep a command that nothing stored: it is done again once each hold is passed."""
        case = held_command(request, reading)
        changes = (*save(case).changes, *holds_of(decision, case.id, reading, self.desk.registry))
        return Decision(reasons=decision.reasons, changes=changes, covered=decision.reasons, case=case.id)

    def _with_kept(self, request: Request[T], decision: Decision[T], reading: Reading) -> Decision[T]:
        """The decision with a case for each thing of many that waits for a person."""
        kept = [change for change in decision.changes if isinstance(change, KeepHeld)]
        if not kept:
            return decision
        changes: list[Change] = [one for one in decision.changes if not isinstance(one, KeepHeld)]
        for one in kept:
            alone = Request(one.command, request.actor, on=request.on)
            case = evolve(held_command(alone, reading), id=one.id)
            found = Decision[Any](reasons=one.reasons)
            changes += [*save(case).changes, *holds_of(found, case.id, reading, self.desk.registry)]
        return evolve(decision, changes=tuple(changes))

    def _again(self, change: Redo, reading: Reading, ids: Ids) -> "Again":
        """Decide a held command anew, in full, as its first actor with rights read again; stage nothing."""
        held = change.held
        kind = self.desk.registry.messages[held.command]
        command: Command[Any] = from_plain(kind, loads(held.payload))
        day = date.fromisoformat(held.effective_on) if held.effective_on else reading.on
        first = self._reading(held.actor, day, ids)
        if not may(self._who(first), held.command, self.desk.registry.rights, first.tenant):
            lost = RIGHT_LOST(held.id, field="actor", observed=held.actor, expected=held.command)
            return Again(held, command, first, refuse(lost))
        return Again(held, command, first, self._decide(command, first, change.passed))

    def _redo(self, again: "Again", ids: Ids) -> Decision[Any]:
        """Stage what became of a held command: done, refused, or waiting for what was found only now."""
        held, found = again.held, again.decision
        act = self._act(held.command, again.reading, held.key)
        if found.outcome is Outcome.REFUSED:
            self._note(act, again.command.subject, found.reasons, Verb.REFUSED, ids)
            ended = evolve(held, state=HeldState.REFUSED, reasons=reasons_text(found.reasons))
            self.stage.apply(save(ended).changes, act, ids)
            return Decision(reasons=tuple(reason.weighed(Severity.WARN) for reason in found.reasons))
        if found.uncovered:
            holds = holds_of(found, held.id, again.reading, self.desk.registry)
            self.stage.apply((*holds, Touch(held)), act, ids)
            return Decision(reasons=found.reasons)
        self.stage.apply(found.changes, act, ids)
        kind, result = named(found.value)
        said = reasons_text(found.reasons)
        done = evolve(held, state=HeldState.DONE, kind=kind, result=result, reasons=said)
        self.stage.apply(save(done).changes, act, ids)
        return found

    def _answered(self, request: Request[T]) -> Decision[T] | None:
        """The answer given before under this key, or None; another command under it is refused."""
        key = request.key
        found = self._installed(lambda: self.session.get(self.desk.tenant, Answer, key))
        answer = (
            found.entity
            if found is not None
            else next((each for each in self.stage.keys if each.id == key), None)
        )
        if not isinstance(answer, Answer):
            return None
        if answer.digest != request.digest:
            subject = request.command.subject
            return refuse(KEY_REUSED(subject, field="key", observed=key, expected=answer.command))
        reasons = from_plain(tuple[Reason, ...], loads(answer.reasons))
        kind, id = answer.kind, answer.value
        case = ""
        if kind == kind_name(HeldCommand):
            case = id
            held = self._value(kind, id)
            kind, id = (held.kind, held.result) if isinstance(held, HeldCommand) else ("", "")
            if isinstance(held, HeldCommand) and held.state is not HeldState.WAITING:
                reasons = from_plain(tuple[Reason, ...], loads(held.reasons))
        value = self._value(kind, id) if kind else given_in(answer, type(request.command))
        return Decision(value=value, reasons=reasons, id=answer.entry, case=case, replayed=True)

    def _value(self, kind: str, id: str) -> Any:
        known = self.desk.registry.kinds.get(kind)
        if known is None:
            return None
        staged = self.stage.now((known, id))
        if staged is not None:
            return staged
        found = self.session.get(self.desk.tenant, known, id)
        return found.entity if found is not None else None
