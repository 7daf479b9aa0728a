"""The numbers of lines: a line that stays keeps its own, so that revisions can be compared line by line."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence


def numbered(
    before: Iterable[tuple[int, Hashable]], wanted: Sequence[Hashable], *, last: int
) -> tuple[int, ...]:
    """Give each wanted line a number: that of an earlier line of the same thing, else one that is new.

    `before` are the earlier lines with what each is of (its product), in order; several of the same thing are
    taken one after the other. New numbers go on after `last`, the highest that was ever given, so that the
    number of a line that went never comes back as another line.
    """
    free: dict[Hashable, list[int]] = defaultdict(list)
    for number, thing in before:
        free[thing].append(number)
    found, highest = [], last
    for thing in wanted:
        if free[thing]:
            found.append(free[thing].pop(0))
        else:
            highest += 1
            found.append(highest)
    return tuple(found)
