"""The inbox over many open requests: the question at the door, beside SQL written by hand for its answer.

python -m benchmarks.inbox [--requests 100000] [--pairs 5] [--db sqlite,postgresql] [--write]
"""

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from attrs import define, evolve, frozen
from sqlalchemy import Connection, create_engine, text

from benchmarks.recording import recorded
from benchmarks.table import Rows, measure_databases
from pharmacrm import (
    DelegateAuthority,
    Inbox,
    Money,
    PublishRoute,
    RegisterStaff,
    RegisterUnit,
    connect,
)
from pharmacrm.core.engines.approval import Person
from pharmacrm.core.engines.approval.routes import (
    Act,
    ApprovalMove,
    ApprovalRequest,
    ApprovalSeat,
    Case,
    Document,
    Route,
    Statement,
    WorkingTime,
    decide,
    plan,
    route_from_text,
    submit,
)
from pharmacrm.core.kernel.calendar import WEEKENDS
from pharmacrm.core.kernel.change import Remove, Save
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.store import Batch
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import ADMIN, found_company

_ZONE = ZoneInfo("Asia/Shanghai")
BATCH = 5_000
PREFIX = "inbox_"
LIMIT = 100
UNITS = 50
LEAD, FINANCE = "zhao.liu", "qian.qi"
"""Who asks: a lead of ten units who stands in for a director too, and finance, for whom three in ten wait."""

ROUTE = """{
  "code": "quote_cn", "version": 1, "kind": "quote",
  "steps": [
    {"step": "lead", "label_zh": "部门领导审核", "by": [{"role": "lead", "scope": "unit"}], "quorum": 2},
    {"step": "finance", "label_zh": "财务审核", "by": [{"role": "finance"}]},
    {"step": "director", "label_zh": "总监审批", "by": [{"user": "ma.lin"}, {"user": "hou.yi"}]}
  ]
}"""


@frozen
class Timed:
    """Seconds of each way, alternating in one run, and how many statements ours took."""

    who: str
    items: int
    statements: int
    ours: tuple[float, ...]
    by_hand: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """How much longer ours takes, as the median over the pairs."""
        return median(ours / hand for ours, hand in zip(self.ours, self.by_hand, strict=True))


class Everybody:
    """A directory of people who are all there: the plan of a bulk of requests needs no more."""

    def active(self, person: str) -> bool:
        """Everybody is."""
        return bool(person)

    def manager(self, person: str) -> str | None:
        """Nobody has one."""
        return None if person else person

    def holders(self, role: str, unit: str) -> frozenset[str]:
        """Two in each unit."""
        return frozenset({f"{role}-1{unit}", f"{role}-2{unit}"})


def found(crm: PharmaCRM) -> None:
    """The company, fifty units of it with a requester each, and a director who is away."""
    found_company(crm)
    with crm.work(actor=ADMIN) as work:
        for number in range(UNITS):
            parent = "east" if number < UNITS // 5 else None
            work.do(RegisterUnit(id=f"unit-{number}", name=f"大区{number}", parent=parent)).expect()
            staff = RegisterStaff(
                id=f"sales-{number}", name=f"销售{number}", unit=f"unit-{number}", roles=("sales",)
            )
            work.do(staff).expect()
        for id in ("ma.lin", "hou.yi"):
            work.do(RegisterStaff(id=id, name="总监", unit="east", roles=("lead",))).expect()
        work.do(PublishRoute(definition=ROUTE)).expect()
    today = crm.clock.now().date()
    away = DelegateAuthority(
        delegate=LEAD,
        valid_from=today - timedelta(1),
        valid_to=today + timedelta(9),
        up_to=Money("5000.00", "CNY"),
    )
    crm.do(away, actor="ma.lin").expect()


def fill(crm: PharmaCRM, requests: int) -> None:
    """Store open requests straight through the store, as the engine itself makes them."""
    with crm._store.session() as session:  # noqa: SLF001 - a hundred thousand submissions would take an hour
        made = rows(crm.clock.now() - timedelta(20), requests)
        while some := [each for each, _ in zip(made, range(BATCH), strict=False)]:
            session.flush(crm.tenant, Batch(at=crm.clock.now(), inserts=in_kinds(some)))


def in_kinds(rows: list[Entity]) -> tuple[Entity, ...]:
    """Rows of one kind together, so that one statement takes many."""
    return tuple(sorted(rows, key=lambda one: type(one).__name__))


def rows(begun: datetime, requests: int) -> Iterator[Entity]:
    """Every row of so many requests: of ten, six wait for a lead, three for finance, one for a director."""
    route = route_from_text(ROUTE)
    for number in range(requests):
        at = begun + timedelta(seconds=number * 10)
        unit = number % UNITS
        own = number % 400 == 0
        stage = 0 if own else (0, 0, 1, 0, 2, 0, 1, 0, 1, 0)[number // UNITS % 10]
        case, stored = opened(route, number, LEAD if own else f"sales-{unit}", f"unit-{unit}", at)
        voted = [(LEAD, "lead")] if number % 150 == 1 else []
        signers = [("lead-1", "lead"), (LEAD if number % 7 == 0 else "lead-2", "lead"), ("f", "finance")]
        for person, role in signers[: (0, 2, 3)[stage]] or ([] if own else voted):
            case, stored = signed(case, stored, person, role, at)
        yield case.request
        yield from case.moves
        yield from (row for id, row in stored.items())


def opened(
    route: Route, number: int, requester: str, unit: str, at: datetime
) -> tuple[Case, dict[str, Entity]]:
    """A request just handed in, and its seats."""
    paper = Document(
        subject=f"Q-{number}",
        kind="quote",
        requester=requester,
        unit=unit,
        amount=Money.of_minor(100 + number * 104_729 % 1_000_000, "CNY"),
        content=f"{number:064x}",
    )
    work = WorkingTime(WEEKENDS, _ZONE)
    answer = submit(route, plan(route, paper, Everybody()), paper, earlier=(), at=at, work=work)
    case = Case(route=route, request=answer.expect(), moves=(), work=work)
    return _followed(case, {}, answer)


def signed(
    case: Case, seats: dict[str, Entity], person: str, role: str, at: datetime
) -> tuple[Case, dict[str, Entity]]:
    """A request after one more approval."""
    unit = case.request.unit or ""
    signer = Person(person, frozenset({role}), frozenset({unit}))
    answer = decide(case, signer, Statement(act=Act.APPROVE), at=at)
    return _followed(case, seats, answer)


def _followed(case: Case, seats: dict[str, Entity], answer: Decision[Any]) -> tuple[Case, dict[str, Entity]]:
    saved = [one.entity for one in answer.changes if isinstance(one, Save)]
    gone = {one.part.id for one in answer.changes if isinstance(one, Remove)}
    moves = [one for one in saved if isinstance(one, ApprovalMove)]
    kept = {id: seat for id, seat in seats.items() if id not in gone}
    kept |= {one.id: one for one in saved if isinstance(one, ApprovalSeat)}
    request = next((one for one in saved if isinstance(one, ApprovalRequest)), case.request)
    return evolve(case, request=request, moves=(*case.moves, *moves)), kept


Row = tuple[str, str, str, str, str]
"""What both ways have to agree on: request, step, requester, content, and in whose name."""

ROLES = "SELECT role FROM {p}role_assignment WHERE tenant = :t AND staff = :who ORDER BY role"
UNITS_BELOW = """WITH RECURSIVE below(id) AS (
  SELECT o.id FROM {p}staff s JOIN {p}org_unit o ON o.tenant = s.tenant AND o.id = s.unit
    WHERE s.tenant = :t AND s.id = :who
  UNION SELECT u.id FROM {p}org_unit u JOIN below b ON u.parent = b.id WHERE u.tenant = :t
) SELECT id FROM below"""
DELEGATIONS = """SELECT delegator, up_to FROM {p}delegation WHERE tenant = :t AND delegate = :who
AND revoked = :no AND valid_from <= :today AND valid_to >= :today"""
BRANCH = """SELECT s.request, s.step, r.requester, r.content, s.since, :{as_} AS acting_for, {place} AS place
FROM {p}approval_seat s JOIN {p}approval_request r ON r.tenant = s.tenant AND r.id = s.request
WHERE s.tenant = :t AND {seats} AND r.requester NOT IN (:me, :{as_}){limit}
AND NOT EXISTS (SELECT 1 FROM {p}approval_move m WHERE m.tenant = :t AND m.request = s.request
  AND m.round = r.round AND m.person IN (:me, :{as_})
  AND m.action IN ('approved', 'rejected', 'abstained', 'overridden'))
ORDER BY s.since, s.request LIMIT {most}"""


@define
class ByHand:
    """The statements that a programmer of the host would write, over a connection that is open."""

    connection: Connection
    tenant: str
    who: str
    today: date

    def __call__(self) -> list[Row]:
        """Whose seats they are, then what waits at them, oldest first."""
        values: dict[str, Any] = {"me": self.who}
        branches = [*self._seats("me", values)]
        for number, (delegator, up_to) in enumerate(
            self._rows(DELEGATIONS, who=self.who, today=self.today, no=False)
        ):
            values |= {f"d{number}": delegator, f"most{number}": up_to}
            limit = f" AND r.currency = 'CNY' AND r.amount <= :most{number}" if up_to is not None else ""
            branches += self._seats(f"d{number}", values, limit, place=number + 1)
        union = " UNION ALL ".join(f"SELECT * FROM ({one}) b{n}" for n, one in enumerate(branches))
        found: dict[tuple[str, str], Row] = {}
        for request, step, requester, content, _, name, _ in self._rows(
            f"{union} ORDER BY 5, 1, 7", **values
        ):
            acting_for = "" if name == self.who else name
            found.setdefault((request, step), (request, step, requester, content, acting_for))
        self.connection.rollback()
        return list(found.values())[:LIMIT]

    def _seats(self, who: str, values: dict[str, Any], limit: str = "", *, place: int = 0) -> Iterator[str]:
        """A branch for the seats in a person's name, and one for those of their roles."""
        roles = {f"{who}r{n}": role for n, (role,) in enumerate(self._rows(ROLES, who=values[who]))}
        units = {f"{who}u{n}": unit for n, (unit,) in enumerate(self._rows(UNITS_BELOW, who=values[who]))}
        values |= roles | units
        more = {"p": PREFIX, "most": LIMIT, "as_": who, "limit": limit, "place": place}
        yield BRANCH.format(seats=f"s.person = :{who}", **more)
        for role in roles:
            yield BRANCH.format(seats=f"s.role = :{role} AND s.unit = ''", **more)
            if units:
                among = f"s.role = :{role} AND s.unit IN (:{', :'.join(units)})"
                yield BRANCH.format(seats=among, **more)

    def _rows(self, statement: str, **values: Any) -> list[Any]:
        found = self.connection.execute(text(statement.format(p=PREFIX)), {"t": self.tenant, **values})
        return list(found.all())


def measured(url: str, *, requests: int, pairs: int) -> list[Timed]:
    """Fill a store and ask both ways, in turn, for each who asks; their answers are the same, or it fails."""
    crm = connect(url, prefix=PREFIX)
    found(crm)
    fill(crm, requests)
    engine = create_engine(url)
    if engine.dialect.name != "mariadb":
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))
    with engine.connect() as connection:
        timed = [paired(crm, connection, who, pairs) for who in (LEAD, FINANCE)]
    crm.close()
    return timed


def paired(crm: PharmaCRM, connection: Connection, who: str, pairs: int) -> Timed:
    """One who asks: the first pair fills the caches and does not count."""
    hand = ByHand(connection, crm.tenant, who, crm.clock.now().date())
    ours: list[float] = []
    theirs: list[float] = []
    wanted: list[Row] = []
    for _ in range(pairs + 1):
        begun = time.perf_counter()
        answer = crm.ask(Inbox(limit=LIMIT), actor=who)
        between = time.perf_counter()
        wanted = hand()
        ended = time.perf_counter()
        got = [(one.id, one.step, one.requester, one.content, one.acting_for) for one in answer]
        assert got == wanted, (who, next(pair for pair in zip(got, wanted, strict=False) if len({*pair}) > 1))
        ours.append(between - begun)
        theirs.append(ended - between)
    said = recorded(crm, lambda: crm.ask(Inbox(limit=LIMIT), actor=who))
    return Timed(who, len(wanted), said.statements, tuple(ours[1:]), tuple(theirs[1:]))


def measure(url: str, name: str, requests: int, pairs: int) -> Rows:
    """The figures as rows of the page."""
    says = {LEAD: "a lead who also stands in for a director", FINANCE: "finance"}
    rows = []
    for one in measured(url, requests=requests, pairs=pairs):
        what = f"{name}: inbox of {says[one.who]}, {one.items} of {requests:,} open requests"
        rows.append((f"{what}, milliseconds", f"{median(one.ours) * 1000:.1f}"))
        rows.append((f"{what}, beside SQL by hand", f"{one.ratio:.2f}x"))
        rows.append((f"{what}, statements", str(one.statements)))
    return rows


if __name__ == "__main__":
    measure_databases("inbox", __doc__, measure, size="requests", of=100_000)
