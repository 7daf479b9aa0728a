"""The routes that are there without being published; a version that requests run on is never changed.

A published route of the same kind that fits a document takes their place; a published version of the same
code, or its retirement, ends one.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pharmacrm.core.engines.approval.definition import Meaning, Scope
from pharmacrm.core.engines.approval.routes.approvers import ByRole
from pharmacrm.core.engines.approval.routes.definition import FollowUp, Route, Step
from pharmacrm.core.values.document_kinds import DocumentKind

RELEASE_CN: Final = Route(
    code="release_cn",
    version=1,
    kind=DocumentKind.ORDER.value,
    submission=Meaning("order made and submitted", "销售制单并提交"),
    steps=(
        Step(
            "qualification",
            "客户资质审核",
            (ByRole("assistant"),),
            checks=("qualification",),
            meaning=Meaning("customer qualification checked and found in order", "客户资质审核通过"),
        ),
        Step(
            "precheck",
            "发货初审",
            (ByRole("dispatcher"),),
            checks=("precheck",),
            meaning=Meaning("goods, price, customer, consignee, address and phone checked", "发货初审通过"),
        ),
        Step(
            "lead",
            "部门领导审核",
            (ByRole("lead", Scope.UNIT),),
            meaning=Meaning("approved by the department lead", "部门领导审核同意"),
        ),
        Step(
            "finance",
            "财务到账审核",
            (ByRole("finance"),),
            checks=("payment",),
            meaning=Meaning("price and payment or credit checked", "财务到账审核通过"),
        ),
    ),
    after=(
        FollowUp(
            "warehouse",
            "仓库出库签字",
            (ByRole("warehouse"),),
            Meaning("goods issued as on this slip", "仓库按单出库"),
        ),
    ),
)
"""Six-step shipment release (发货六步流程, XT-03).

Step 1 is the submission, steps 2 to 5 are the steps of the route, step 6 is the warehouse's signature on each
slip.
"""

SHIPPED: Final[Mapping[str, Route]] = MappingProxyType({route.name: route for route in (RELEASE_CN,)})
