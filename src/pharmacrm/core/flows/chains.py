"""The chains that are delivered, by name; a version that cases run under is never changed or taken away."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pharmacrm.core.engines.approval import ApprovalCase, Chain, Meaning, Scope, Stage
from pharmacrm.core.kernel.errors import NotFound

WAREHOUSE: Final = "warehouse"

RELEASE_CN: Final = Chain(
    code="release_cn",
    version=1,
    submission=Meaning("order made and submitted", "销售制单并提交"),
    stages=(
        Stage(
            "qualification",
            "客户资质审核",
            role="assistant",
            meaning=Meaning("customer qualification checked and found in order", "客户资质审核通过"),
        ),
        Stage(
            "precheck",
            "发货初审",
            role="dispatcher",
            meaning=Meaning("goods, price, customer, consignee, address and phone checked", "发货初审通过"),
        ),
        Stage(
            "lead",
            "部门领导审核",
            role="lead",
            scope=Scope.UNIT,
            meaning=Meaning("approved by the department lead", "部门领导审核同意"),
        ),
        Stage(
            "finance",
            "财务到账审核",
            role="finance",
            meaning=Meaning("price and payment or credit checked", "财务到账审核通过"),
        ),
    ),
    after=(
        Stage(
            WAREHOUSE,
            "仓库出库签字",
            role="warehouse",
            meaning=Meaning("goods issued as on this slip", "仓库按单出库"),
        ),
    ),
)
"""Six-step shipment release (发货六步流程, XT-03).

Step 1 is the submission, steps 2 to 5 are the stages, step 6 is the warehouse's signature on each slip.
"""

CHAINS: Final[Mapping[str, Chain]] = MappingProxyType({chain.name: chain for chain in (RELEASE_CN,)})


def chain_of(case: ApprovalCase) -> Chain:
    """The very version of the chain under which a case was opened; `NotFound` names one that is not there."""
    chain = CHAINS.get(case.chain)
    if chain is None:
        raise NotFound("approval_chain", case.chain)
    return chain
