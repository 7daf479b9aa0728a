"""One run: parcels are sent, relays carry them, die and are stopped; then what came of it is counted."""

import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from attrs import define, field, frozen

from pharmacrm.core.outbox import DeadLetters, OutboxQueues, ReplayDeadLetters
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.outbox.house import ADMIN, SendParcel, opened
from pharmacrm.testing.outbox.relays import Crew, Post
from pharmacrm.testing.outbox.sink import FINE, HANG, KILLER, LATE, POISON, SLOW, Sink, SinkPlugin
from pharmacrm.testing.targets import database

EACH: Final = 10
"""Parcels for one subject."""

ONE_IN: Final = 50
"""So many notices have one among them that ends its relay after its work."""

MOST_STARTS: Final = 6
BLOCK: Final = 200


@frozen(kw_only=True)
class Plan:
    """How many messages, what some of them do to their relays, and what is done to the relays besides."""

    msgs: int
    kills: int
    stops: int
    poison: int
    killer: int
    hang: int
    relays: int
    seconds: int

    def parcels(self) -> Iterator[SendParcel]:
        """Every parcel, subject by subject: bad ones come first in theirs, one in 50 kills after its work."""
        bad = [POISON] * self.poison + [KILLER] * self.killer + [HANG] * self.hang
        for number in range(self.msgs):
            group, place = divmod(number, EACH)
            behave = LATE if number % ONE_IN == EACH // 2 else FINE
            if place == 0 and group < len(bad):
                behave = bad[group]
            yield SendParcel(id=f"P-{number}", to=f"S-{group}", number=place, behave=behave)

    @property
    def bad(self) -> int:
        """How many notices never come through."""
        return self.poison + self.killer + self.hang


@define
class Outcome:
    """What a run counted, and what should not have happened."""

    counts: dict[str, int | float] = field(factory=dict)
    violations: list[str] = field(factory=list)

    def want(self, what: str, found: object, wanted: object) -> None:
        """Note a violation unless the two are the same."""
        if found != wanted:
            self.violations.append(f"{what}: {found}, wanted {wanted}")


@contextmanager
def stage(kind: str) -> Iterator[tuple[PharmaCRM, Post, Path]]:
    """A house with an empty outbox, and a sink, in places of their own."""
    with database(kind) as url, tempfile.TemporaryDirectory(prefix="pharmacrm_driver_") as folder:
        post = Post(url, datetime.now(UTC).timestamp(), Sink(Path(folder) / "sink.db"))
        post.sink.make()
        crm = opened(url, post.start, [SinkPlugin(post.sink)])
        crm.install(admin=ADMIN)
        yield crm, post, Path(folder)
        crm.close()


def send(crm: PharmaCRM, parcels: Iterator[SendParcel]) -> None:
    """Send parcels, many in one transaction."""
    waiting = list(parcels)
    for start in range(0, len(waiting), BLOCK):
        with crm.work(actor=ADMIN) as work:
            for parcel in waiting[start : start + BLOCK]:
                work.do(parcel)


def proved(plan: Plan, kind: str, seed: int) -> Outcome:
    """Run the plan, look at what came of it, replay what died, and look again."""
    outcome = Outcome()
    with stage(kind) as (crm, post, folder):
        send(crm, plan.parcels())
        crew = Crew(post, folder, plan.relays, random.Random(seed))  # noqa: S311 - a seeded run, no secret
        began = time.monotonic()
        try:
            done = _worked(plan, crm, crew)
        finally:
            crew.end()
        outcome.counts |= done | {"deaths": crew.deaths, "hung": crew.hung}
        outcome.counts["relay_seconds"] = round(time.monotonic() - began, 1)
        _judge(plan, crm, post.sink, outcome)
        _replay(plan, crm, post.sink, outcome)
    return outcome


def _worked(plan: Plan, crm: PharmaCRM, crew: Crew) -> dict[str, int | float]:
    """Let the relays work; blows fall as the work goes on, so that a slow machine gets no more of them."""
    blows = ["kill"] * plan.kills + ["stop"] * plan.stops
    crew.chance.shuffle(blows)
    struck: Counter[str] = Counter(kill=0, stop=0)
    healthy = plan.msgs - plan.bad
    until = time.monotonic() + plan.seconds
    while time.monotonic() < until:
        crew.look_after()
        done = crew.post.sink.progress()
        while blows and done * (plan.kills + plan.stops + 1) >= (struck.total() + 1) * healthy * 0.95:
            blow = blows.pop()
            struck[blow] += 1
            (crew.kill_one if blow == "kill" else crew.stop_one)()
            crew.look_after()
        if not blows and done == healthy and not _waiting(crm):
            break
        time.sleep(0.02)
    return {"kills": struck["kill"], "stops": struck["stop"]}


def _waiting(crm: PharmaCRM) -> int:
    return sum(queue.waiting for queue in crm.ask(OutboxQueues(), actor=ADMIN))


def _judge(plan: Plan, crm: PharmaCRM, sink: Sink, outcome: Outcome) -> None:
    """Nothing lost, nothing twice, nothing out of order, and dead only what can never come through."""
    effects, healthy = sink.effects(), plan.msgs - plan.bad
    dead = crm.ask(DeadLetters(limit=1000), actor=ADMIN)
    most = max(sink.starts().values(), default=0)
    outcome.counts |= {
        "messages": plan.msgs,
        "effects": effects.total(),
        "duplicates_given": sink.duplicates(),
        "inversions": sink.inversions(),
        "dead": len(dead),
        "most_starts_of_the_dead": most,
    }
    outcome.want("still waiting", _waiting(crm), 0)
    outcome.want("healthy messages with an effect", len(effects), healthy)
    outcome.want("effects of a message", set(effects.values()), {1})
    outcome.want("inversions at first delivery", sink.inversions(), 0)
    wanted = Counter(f"S-{group}" for group in range(plan.bad))
    outcome.want("dead letters by subject", Counter(letter.subject for letter in dead), wanted)
    outcome.want("starts of a dead letter, more than allowed", max(most - MOST_STARTS, 0), 0)


def _replay(plan: Plan, crm: PharmaCRM, sink: Sink, outcome: Outcome) -> None:
    """What died comes through once it is mended and replayed, under its old ids."""
    if not plan.bad:
        return
    died = {letter.id for letter in crm.ask(DeadLetters(limit=1000), actor=ADMIN)}
    sink.mend()
    crm.do(ReplayDeadLetters(destination="sink", reason="mended"), actor=ADMIN)
    replayed = crm.deliver(limit=10 * plan.bad).delivered
    outcome.counts["replayed"] = replayed
    outcome.want("replayed letters delivered", replayed, plan.bad)
    outcome.want("messages with an effect after the replay", len(sink.effects()), plan.msgs)
    outcome.want("replayed letters not under their old ids", len(died - set(sink.effects())), 0)


def controlled(kind: str, seed: int, *, seconds: int) -> dict[str, int]:
    """What is found in a store that skips what is locked, whatever its subject, and counts no start."""
    with stage(kind) as (crm, post, folder):
        send(crm, _control_parcels())
        planted = Post(post.url, post.start, post.sink, planted=True)
        crew = Crew(planted, folder, 3, random.Random(seed))  # noqa: S311 - a seeded run, no secret
        until = time.monotonic() + seconds
        try:
            while time.monotonic() < until and not _enough(post.sink):
                crew.look_after()
                time.sleep(0.02)
        finally:
            crew.end()
        stuck = max(post.sink.starts().values(), default=0) > MOST_STARTS
        dead = crm.ask(DeadLetters(), actor=ADMIN)
        return {"inversions": post.sink.inversions(), "stuck": int(stuck and not dead)}


def _control_parcels() -> Iterator[SendParcel]:
    """A few subjects whose first notice takes its time, and one notice that kills."""
    for number in range(20):
        place = number % 4
        behave = SLOW if place == 0 else FINE
        yield SendParcel(id=f"P-{number}", to=f"S-{number // 4}", number=place, behave=behave)
    yield SendParcel(id="P-killer", to="S-killer", number=0, behave=KILLER)


def _enough(sink: Sink) -> bool:
    return max(sink.starts().values(), default=0) > MOST_STARTS and sink.progress() == 20  # noqa: PLR2004 - as above
