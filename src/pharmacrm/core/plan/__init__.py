"""Plans: declared work on many rows, lowered to sums of whole numbers that any store can carry out.

`kernel.summary` has the words; this folder says what they mean (`summarise`), and that nothing in them can
leave the whole numbers that every store keeps exactly (`checked`).
"""

from pharmacrm.core.plan.carrying import summed
from pharmacrm.core.plan.meaning import evaluate, summarise
from pharmacrm.core.plan.ranges import checked_summary, interval

__all__ = ["checked_summary", "evaluate", "interval", "summarise", "summed"]
