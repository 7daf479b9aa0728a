"""The roles that every tenant has from the start, with their Chinese names (XT-11)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pharmacrm.core.kernel.words import Words

ROLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sales": "销售",
        "purchasing": "采购",
        "medrep": "医药代表",
        "assistant": "助理",
        "dispatcher": "发货员",
        "lead": "部门领导",
        "finance": "财务",
        "warehouse": "仓库",
        "quality": "质量",
        "admin": "管理员",
        "auditor": "审计",
        "erp": "外部系统",
    }
)
"""Each role and its Chinese name."""

ADMIN: Final = "admin"
"""The role of those who register people and give rights; a tenant is never left without one."""

SYSTEM: Final = "system"
"""The actor of timed work, which nobody can be registered as."""


def role_name(role: str) -> Words:
    """A role by its code and its Chinese name; one of a house of its own keeps its code."""
    return Words(role, "系统" if role == SYSTEM else ROLES.get(role, role))
