"""Staff, role assignments and organisational units."""

from typing import Annotated

from attrs import frozen

from pharmacrm.core.kernel.record import Column, ParentOf, Part, Personal, Record


@frozen(kw_only=True)
class Staff(Record):
    """A person who works for the company (员工); the id is the actor's name at the door."""

    name: Annotated[str, Column(length=200, zh="姓名"), Personal("employment")]
    unit: Annotated[str | None, Column(length=64, index=True, zh="部门")] = None
    manager: Annotated[str | None, Column(length=64, index=True, zh="上级")] = None
    active: Annotated[bool, Column(zh="在职")] = True


@frozen(kw_only=True)
class RoleAssignment(Part):
    """A role that a member of staff holds (角色); the id is `{staff}/{role}`."""

    staff: Annotated[str, Column(length=64, index=True, zh="员工"), ParentOf(Staff)]
    role: Annotated[str, Column(length=64, index=True, zh="角色")]


@frozen(kw_only=True)
class OrgUnit(Record):
    """A department, region or team (部门); units form a tree."""

    name: Annotated[str, Column(length=200, zh="名称")]
    parent: Annotated[str | None, Column(length=64, index=True, zh="上级部门")] = None
