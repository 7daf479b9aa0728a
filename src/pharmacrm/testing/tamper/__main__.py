"""Tamper with copies of sealed and anchored books, as outsider and insider, and verify each (T12, T13).

The outsider changes what is stored. The insider then computes every hash, root and seal anew, and chains the
file of anchors again; what was anchored outside he cannot rewrite unnoticed. Control: without the anchors,
the insider has to get away with it.

    python -m pharmacrm.testing.tamper --n 1400
    python -m pharmacrm.testing.tamper --n 300 --only truncate,restore,fork
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from itertools import cycle, islice, product
from pathlib import Path
from random import Random

from pharmacrm.core.kernel.verification import Verification
from pharmacrm.testing.report import Control, Report, Stopwatch, arguments, concluded
from pharmacrm.testing.tamper.books import Books, kept_books, rehashed
from pharmacrm.testing.tamper.kinds import KINDS, Trace, rechained

ATTACKERS = ("outsider", "insider")
CONTROLS = 3


def tampered(
    books: Books, old: Books, folder: Path, kind: str, attacker: str, random: Random
) -> tuple[Books, Trace]:
    """A copy of the books with one thing changed."""
    copy = books.copied(folder)
    trace = KINDS[kind](copy, old, random)
    if attacker == "insider":
        rechained(copy) if kind == "edit_anchor" else rehashed(copy)
    return copy, trace


def missed(found: Verification, trace: Trace) -> str:
    """Why a verification does not do: it found nothing, or named another row or record; "" if it does."""
    bad = found.first_bad
    if bad is None:
        return "not found"
    if trace.position and bad.position != trace.position:
        return f"position {trace.position} was changed, {bad.position} is named"
    if trace.subject and trace.subject not in {each.subject for each in found.findings}:
        return "the record is not named"
    return ""


def run(n: int, only: Sequence[str], seed: int, folder: Path) -> Report:
    """As many tamperings, every kind and attacker in turn."""
    watch, random = Stopwatch(), Random(seed)  # noqa: S311 - a run that can be repeated
    books, old = kept_books(folder / "books")
    violations = [] if books.verified().clean else ["the books are not clean to begin with"]
    found: Counter[str] = Counter()
    for number, (kind, attacker) in enumerate(islice(cycle(product(only, ATTACKERS)), n)):
        copy, trace = tampered(books, old, folder / "copy", kind, attacker, random)
        wrong = missed(copy.verified(), trace)
        found[kind] += not wrong
        if wrong:
            violations.append(f"{number}: {kind} by the {attacker}: {wrong}")
    clean = max(1, n // 10)
    violations += ["false alarm on clean books"] * sum(not books.verified().clean for _ in range(clean))
    return Report(
        driver="tamper",
        promises=("T12", "T13"),
        seed=seed,
        settings={"n": n, "kinds": ",".join(only)},
        counts={"tamperings": n, "clean": clean, **found},
        control=Control(
            planted="no anchors: the insider gets away", found=_escapes(books, old, folder, random)
        ),
        violations=violations,
        seconds=watch.seconds,
    )


def _escapes(books: Books, old: Books, folder: Path, random: Random) -> int:
    """How often the insider is not noticed by the chain alone."""
    escapes = 0
    for _ in range(CONTROLS):
        copy, _trace = tampered(books, old, folder / "copy", "edit_actor", "insider", random)
        escapes += copy.verified(anchored=False).found <= 1  # the mark that says how far it was anchored
    return escapes


def main(argv: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = arguments("tamper", "change copies of sealed books and verify each")
    parser.add_argument("--n", type=int, default=280, help="how many tamperings")
    parser.add_argument("--only", default=",".join(KINDS), help="kinds, with commas between them")
    given = parser.parse_args(argv)
    only = tuple(given.only.split(","))
    if unknown := set(only) - set(KINDS):
        parser.error(f"unknown kinds {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
    with tempfile.TemporaryDirectory(prefix="pharmacrm_tamper_") as folder:
        return concluded(run(given.n, only, given.seed, Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
