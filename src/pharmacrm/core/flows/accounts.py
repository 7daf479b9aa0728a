"""What the account of an adapter may do by default: the commands of what an ERP sends (接口账号, UF-54)."""

from pharmacrm.core.flows.collection import RegisterReceipt
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.prices import RegisterPrice, RegisterPriceList
from pharmacrm.core.products import RegisterProduct

domain = Domain(
    name="accounts", rights={"erp": (RegisterProduct, RegisterPriceList, RegisterPrice, RegisterReceipt)}
)
