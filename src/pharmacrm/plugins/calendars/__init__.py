"""Work calendars of countries: official tables as data, each read once and only when it is asked for.

>>> from datetime import date
>>> from pharmacrm.plugins.calendars import china
>>> china().is_working(date(2026, 2, 14))  # a Saturday that is worked for the Spring Festival
True
"""

from pharmacrm.plugins.calendars.cn import china

__all__ = ["china"]
