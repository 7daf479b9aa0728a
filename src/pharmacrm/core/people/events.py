"""What happened to people; ids only."""

from attrs import frozen

from pharmacrm.core.kernel.change import Event


@frozen(kw_only=True)
class StaffRegistered(Event):
    """A member of staff was registered or changed."""


@frozen(kw_only=True)
class UnitRegistered(Event):
    """A unit was registered or changed."""


@frozen(kw_only=True)
class RightGranted(Event):
    """A role was given a right, or lost one; the subject is the role."""

    right: str
    given: bool


@frozen(kw_only=True)
class OfficeHoursSet(Event):
    """The tenant's office hours were set; the subject is the tenant."""
