"""The plugin that knows the calendars `weekends` and `cn`."""

from pharmacrm.core.kernel.calendar import WEEKENDS, WorkCalendar
from pharmacrm.plugins.calendars.cn import china
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import CalendarContext

name = "calendars"


@hookimpl(trylast=True)
def pharmacrm_calendar(context: CalendarContext) -> WorkCalendar | None:
    """Mainland China's official working days as `cn`, Monday to Friday as `weekends`."""
    if context.name == "cn":
        return china()
    return WEEKENDS if context.name == WEEKENDS.name else None
