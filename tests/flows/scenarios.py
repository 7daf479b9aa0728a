"""What the scenarios of reason codes are made of: each says which codes it meets."""

from collections.abc import Callable, Iterable
from typing import Any

from pharmacrm.core.customers import RegisterCustomer
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.people import RegisterStaff
from pharmacrm.core.products import Pack, RegisterProduct
from pharmacrm.core.values.trade import (
    CustomerKind,
    MarketingClass,
    RxStatus,
    SpecialControl,
)
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import WHERE
from tests.flows.house import (
    BUYER,
)

Scenario = Callable[[PharmaCRM], Iterable[Reason]]
SCENARIOS: dict[str, Scenario] = {}


def met(*codes: str) -> Callable[[Scenario], Scenario]:
    """The scenario meets these codes."""

    def keep(scenario: Scenario) -> Scenario:
        assert SCENARIOS.keys().isdisjoint(codes)
        SCENARIOS.update(dict.fromkeys(codes, scenario))
        return scenario

    return keep


def after(crm: PharmaCRM, *steps: tuple[Command[Any], str]) -> list[Reason]:
    """What every step gave."""
    return [reason for command, actor in steps for reason in crm.do(command, actor=actor).reasons]


def customer(id: str = BUYER, **more: Any) -> RegisterCustomer:
    fields: dict[str, Any] = {
        "kind": CustomerKind.HOSPITAL,
        "name": f"示例医院{id}",
        "address": WHERE,
        "price_list": "STD",
    }
    return RegisterCustomer(id=id, **(fields | more))


def product(id: str = "ATO-20", **more: Any) -> RegisterProduct:
    fields: dict[str, Any] = {
        "generic_name": "通用名",
        "strength": "20mg",
        "dosage_form": "片剂",
        "manufacturer": "示例制药有限公司",
        "holder": "示例制药有限公司",
        "base_unit": "片",
        "packs": (Pack("盒", 20),),
        "category": "chemical",
        "rx": RxStatus.RX,
        "marketing": MarketingClass.GENERIC,
        "approval_number": "国药准字H20200004",
    }
    return RegisterProduct(id=id, **(fields | more))


def ephedrine(id: str, **more: Any) -> RegisterProduct:
    """A compound with ephedrine: sold in small packs, paid by transfer, its arrival confirmed."""
    fields: dict[str, Any] = {
        "generic_name": "复方盐酸伪麻黄碱缓释胶囊",
        "strength": "90mg",
        "dosage_form": "胶囊",
        "base_unit": "粒",
        "packs": (),
        "category": "ephedrine_compound",
        "special": SpecialControl.EPHEDRINE_COMPOUND,
        "approval_number": "国药准字H20209999",
    }
    return product(id, **(fields | more))


def hired(id: str, *roles: str, **more: Any) -> RegisterStaff:
    return RegisterStaff(id=id, name="员工", roles=roles, **({"unit": "east"} | more))
