"""People (人员): staff, their roles and units, and the rights that roles are given beyond the defaults."""

from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.people.commands import GrantRight, RegisterStaff, RegisterUnit, SetOfficeHours
from pharmacrm.core.people.events import OfficeHoursSet, RightGranted, StaffRegistered, UnitRegistered
from pharmacrm.core.people.handlers import HANDLERS
from pharmacrm.core.people.model import OrgUnit, RoleAssignment, Staff
from pharmacrm.core.people.reasons import REASONS
from pharmacrm.core.people.rules import roles_of, units_above, units_below
from pharmacrm.core.values.roles import ROLES

_RECORDS = (Staff, RoleAssignment, OrgUnit)

domain = Domain(
    name="people",
    records=_RECORDS,
    handlers=HANDLERS,
    events=(StaffRegistered, UnitRegistered, RightGranted, OfficeHoursSet),
    reasons=REASONS,
    rights={
        **dict.fromkeys(("assistant", "lead", "finance", "quality", "auditor"), _RECORDS),
        "sales": (OrgUnit,),
        "dispatcher": (OrgUnit,),
        "warehouse": (OrgUnit,),
        "admin": (*_RECORDS, RegisterStaff, RegisterUnit, GrantRight, SetOfficeHours),
    },
)

__all__ = [
    "ROLES",
    "GrantRight",
    "OfficeHoursSet",
    "OrgUnit",
    "RegisterStaff",
    "RegisterUnit",
    "RightGranted",
    "RoleAssignment",
    "SetOfficeHours",
    "Staff",
    "StaffRegistered",
    "UnitRegistered",
    "domain",
    "roles_of",
    "units_above",
    "units_below",
]
