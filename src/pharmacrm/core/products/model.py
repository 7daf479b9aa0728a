"""The product and its packs."""

from datetime import date
from typing import Annotated

from attrs import field, frozen

from pharmacrm.core.kernel.money import as_quantity
from pharmacrm.core.kernel.record import Column, Record
from pharmacrm.core.kernel.strict import Limit, strict
from pharmacrm.core.values.trade import MarketingClass, RxStatus, SpecialControl, StorageClass

UnitName = Annotated[str, Limit(20)]


@frozen(field_transformer=strict)
class Pack:
    """A pack of a product (包装), such as a box of 24 tablets: its unit and how many base units it holds."""

    unit: UnitName
    quantity: int = field(converter=as_quantity)


@frozen(kw_only=True)
class Product(Record):
    """A product in one strength and form (药品规格), counted in base units (tablets, vials).

    `packs` all hold base units directly. `sales_pack` is the pack in which it is sold, or '' if single base
    units are. `category` is a scope code of the policy pack (chemical, biological).
    """

    generic_name: Annotated[str, Column(length=200, index=True, zh="通用名")]
    trade_name: Annotated[str, Column(length=200, zh="商品名")] = ""
    brand: Annotated[str, Column(length=200, zh="品牌")] = ""
    line: Annotated[str, Column(length=64, index=True, zh="产品线")] = ""
    strength: Annotated[str, Column(length=100, zh="规格")] = ""
    dosage_form: Annotated[str, Column(length=100, zh="剂型")] = ""
    manufacturer: Annotated[str, Column(length=200, zh="生产企业")] = ""
    holder: Annotated[str, Column(length=200, zh="上市许可持有人")] = ""
    base_unit: Annotated[str, Column(length=20, zh="基本单位")]
    packs: Annotated[tuple[Pack, ...], Column(zh="包装")] = ()
    sales_pack: Annotated[str, Column(length=20, zh="销售包装")] = ""
    category: Annotated[str, Column(length=64, index=True, zh="经营类别")]
    rx: Annotated[RxStatus, Column(zh="处方分类")]
    marketing: Annotated[MarketingClass, Column(zh="营销分类")]
    storage: Annotated[StorageClass, Column(zh="储存条件")] = StorageClass.AMBIENT
    special: Annotated[SpecialControl, Column(zh="特殊管理")] = SpecialControl.NONE
    approval_number: Annotated[str, Column(length=32, index=True, zh="批准文号")] = ""
    approval_valid_until: Annotated[date | None, Column(zh="批准文号有效期")] = None
    active: Annotated[bool, Column(index=True, zh="在售")] = True
