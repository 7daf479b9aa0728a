"""The comparison as a table and as a plot."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.peer.compare import FEW, MANY, PROCESSES, VERY_MANY, Compared, Raced, SideFigures

HEAD = ("what", "Tryton", "pharmacrm", "ratio")


def rows(each: Compared) -> list[tuple[str, str, str, str]]:
    """One database's figures as (what, theirs, ours, ratio)."""
    name, ours, theirs = each.database, each.ours, each.theirs
    found = [
        (
            f"{name}: order of 5 lines (create, quote, confirm / PlaceOrder), ms",
            *_pair(theirs, ours, "order"),
        ),
        (
            f"{name}: the same rows by hand, ms",
            "",
            _ms(each.floor),
            f"{ours.order / each.floor:.1f} times the floor",
        ),
        (f"{name}: order to first shipment (ours with every signature), ms", *_pair(theirs, ours, "flow")),
        (f"{name}: order of a customer with {FEW} open orders, ms", *_pair(theirs, ours, "few_open")),
        (f"{name}: order of a customer with {MANY} open orders, ms", *_pair(theirs, ours, "many_open")),
        (
            f"{name}: order of a customer with {VERY_MANY:,} open orders, ms",
            "",
            _ms(ours.very_many_open or 0),
            "",
        ),
    ]
    for what, race in (("one customer", "race"), ("a customer each", "apart")):
        theirs_raced = getattr(theirs, race) if theirs else None
        ours_raced = getattr(ours, race)
        start = f"{name}: {PROCESSES} processes, {what}"
        found += [
            (f"{start}: fitting orders that got through", _through(theirs_raced), _through(ours_raced), ""),
            (
                f"{start}: median and 99th percentile, ms",
                _times(theirs_raced),
                _times(ours_raced),
                _spread(ours_raced),
            ),
        ]
    found.append((f"{name}: over the limit", _over(theirs), _over(ours), ""))
    return found


def table(compared: Sequence[Compared], peer: str) -> str:
    """Every database as one Markdown table."""
    head = (HEAD[0], f"Tryton {peer}", *HEAD[2:])
    lines = [" | ".join(head), "|".join("---" for _ in head)]
    lines += [" | ".join(row) for each in compared for row in rows(each)]
    return "\n".join(f"| {line} |" for line in lines)


def _pair(theirs: SideFigures | None, ours: SideFigures, what: str) -> tuple[str, str, str]:
    mine = getattr(ours, what)
    if theirs is None:
        return "", _ms(mine), ""
    return _ms(getattr(theirs, what)), _ms(mine), f"{getattr(theirs, what) / mine:.0f} times"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"


def _through(raced: Raced | None) -> str:
    if raced is None:
        return ""
    others = ", ".join(f"{many} {what}" for what, many in sorted(raced.answers.items()) if what != "through")
    return f"{raced.through} of {raced.fitting}" + (f" ({others})" if others else "")


def _times(raced: Raced | None) -> str:
    return f"{_ms(raced.middle)}, {_ms(raced.slowest)}" if raced else ""


def _spread(raced: Raced) -> str:
    return f"{raced.slowest / raced.middle:.1f} from median to 99th"


def _over(side: SideFigures | None) -> str:
    return "" if side is None else ("yes" if side.race.over else "never")


def plot(compared: Sequence[Compared], path: Path) -> None:
    """Milliseconds per order beside the number of open orders, both sides, on a logarithmic scale."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "pharmacrm"
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    for number, each in enumerate(compared):
        ours = [each.ours.few_open, each.ours.many_open, each.ours.very_many_open or 0]
        color = f"C{number}"
        axes.plot(
            [FEW, MANY, VERY_MANY],
            [s * 1000 for s in ours],
            "o-",
            color=color,
            label=f"pharmacrm, {each.database}",
        )
        if each.theirs:
            theirs = [each.theirs.few_open, each.theirs.many_open]
            axes.plot(
                [FEW, MANY], [s * 1000 for s in theirs], "s--", color=color, label=f"Tryton, {each.database}"
            )
    axes.set(
        xscale="log", yscale="log", xlabel="open orders of the customer", ylabel="milliseconds per order"
    )
    axes.set_title("One more order, credit checked")
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend()
    figure.savefig(path, metadata={"Date": None})
