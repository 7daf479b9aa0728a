"""The official working days of China (国务院办公厅节假日安排), make-up working days included.

The file `cn_workdays.csv` beside this module holds only the days that differ from Monday-to-Friday.
Provenance: the packages `chinesecalendar` 1.11.0 and `holidays` 0.109 (both MIT), which agree on every day
of 2023 to 2026; written by `scripts/make_cn_calendar.py`, which refuses to write when they do not.
"""

import csv
from datetime import date
from functools import cache
from importlib import resources

from pharmacrm.core.kernel.calendar import WorkCalendar


@cache
def china() -> WorkCalendar:
    """The calendar "cn": holidays and make-up working days of every year published so far.

    For any other year `knows` is false, and the calendar falls back to Saturday and Sunday.
    """
    text = resources.files(__package__).joinpath("cn_workdays.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    exceptions = {date.fromisoformat(row["date"]): row["is_working"] == "1" for row in rows}
    return WorkCalendar("cn", exceptions=exceptions, published=frozenset(day.year for day in exceptions))
