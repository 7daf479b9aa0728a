"""The customer, and the identifiers that one customer alone may hold."""

from typing import Annotated

from attrs import frozen

from pharmacrm.core.kernel.record import Column, Personal, Record
from pharmacrm.core.values.address import Address
from pharmacrm.core.values.trade import CustomerKind


@frozen(kw_only=True)
class Customer(Record):
    """Whom the company sells to (客户); the kind never changes.

    `name` is the legal name of an organisation or department; a natural person's name stands in `person_name`
    only, where it can be masked and erased. `owner` is a member of staff, `unit` one of ours, `parent` the
    chain's head office, the hospital or the group.
    """

    kind: Annotated[CustomerKind, Column(index=True, zh="客户类别")]
    name: Annotated[str, Column(length=200, index=True, zh="名称")] = ""
    person_name: Annotated[str, Column(length=200, zh="姓名"), Personal("relationship")] = ""
    short_name: Annotated[str, Column(length=100, zh="简称")] = ""
    uscc: Annotated[str | None, Column(length=18, index=True, zh="统一社会信用代码")] = None
    address: Annotated[Address, Column(zh="地址"), Personal("delivery")]
    contact: Annotated[str, Column(length=200, zh="联系人"), Personal("relationship")] = ""
    phone: Annotated[str, Column(length=40, zh="电话"), Personal("relationship")] = ""
    price_list: Annotated[str | None, Column(length=64, zh="价目表")] = None
    owner: Annotated[str | None, Column(length=64, index=True, zh="负责人")] = None
    unit: Annotated[str | None, Column(length=64, index=True, zh="归属部门")] = None
    parent: Annotated[str | None, Column(length=64, index=True, zh="上级客户")] = None
    active: Annotated[bool, Column(index=True, zh="有效")] = True


@frozen(kw_only=True)
class Identifier(Record):
    """An identifier that one customer holds (证照编号); its id `{scheme}:{value}` makes it unique."""

    customer: Annotated[str, Column(length=64, index=True, zh="客户")]
