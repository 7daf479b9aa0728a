"""A small pharmaceutical wholesaler to try things with: people, products, customers, prices, credit.

Everything is registered through the door, as a host would; doing it twice changes nothing.
"""

from datetime import date, timedelta

from pharmacrm.core.credit import SetCreditLimit
from pharmacrm.core.customers import RegisterCustomer
from pharmacrm.core.engines.policy.cn_scopes import SUPPLIER_PAPERS
from pharmacrm.core.flows.placing import PlaceOrder
from pharmacrm.core.flows.release import ApproveOrder
from pharmacrm.core.kernel.codec import canonical
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.licences import LicenceKind, RegisterLicence, ReviewDossier, Verdict
from pharmacrm.core.orders import Line, RegisterLot
from pharmacrm.core.people import RegisterStaff, RegisterUnit
from pharmacrm.core.prices import RegisterPrice, RegisterPriceList
from pharmacrm.core.products import Pack, RegisterProduct
from pharmacrm.core.values.address import Address
from pharmacrm.core.values.trade import CustomerKind, MarketingClass, RxStatus
from pharmacrm.crm import PharmaCRM

ADMIN = "admin"
STAFF = {
    "zhang.san": ("张三", ("sales",)),
    "li.si": ("李四", ("assistant",)),
    "wang.wu": ("王五", ("dispatcher",)),
    "zhao.liu": ("赵六", ("lead",)),
    "qian.qi": ("钱七", ("finance",)),
    "sun.ba": ("孙八", ("warehouse",)),
    "zhou.jiu": ("周九", ("quality",)),
}
SIGNERS = ("li.si", "wang.wu", "zhao.liu", "qian.qi")
PRODUCTS = {
    "AMX-500": "0.0363",
    "CEF-250": "0.5200",
    "MET-850": "0.1500",
    "ATO-20": "1.2500",
    "OME-20": "0.8800",
}
HOSPITAL_PAPERS = (
    LicenceKind.MEDICAL_INSTITUTION,
    LicenceKind.QUALITY_AGREEMENT,
)
WHERE = Address(province="上海市", city="上海市", district="徐汇区", street="枫林路180号")


def found_company(crm: PharmaCRM, *, limit: str = "100000.00", buyers: tuple[str, ...] = ("H-001",)) -> None:
    """Install the tenant and register the company with its products, prices and customers."""
    crm.install(admin=ADMIN, calendar="weekends")
    _staff(crm)
    _products(crm)
    for buyer in buyers:
        open_account(crm, buyer, limit=limit)


def _staff(crm: PharmaCRM) -> None:
    with crm.work(actor=ADMIN) as work:
        work.do(RegisterUnit(id="east", name="华东大区")).expect()
        for id, (name, roles) in STAFF.items():
            work.do(RegisterStaff(id=id, name=name, unit="east", roles=roles)).expect()


def _products(crm: PharmaCRM) -> None:
    today = crm.clock.now().date()
    with crm.work(actor=ADMIN) as work:
        prices = RegisterPriceList(
            id="STD", name="标准价目表", currency="CNY", valid_from=today - timedelta(days=365)
        )
        work.do(prices).expect()
        for number, (id, price) in enumerate(PRODUCTS.items()):
            work.do(a_product(id, number)).expect()
            work.do(RegisterPrice(price_list="STD", product=id, price=price)).expect()
            lot = RegisterLot(product=id, lot="L1", expires=today + timedelta(days=700))
            work.do(lot).expect()


def a_product(id: str, number: int) -> RegisterProduct:
    """A tablet like all others of the company; the number goes into its approval number."""
    return RegisterProduct(
        id=id,
        generic_name=f"通用名{id}",
        strength="0.5g",
        dosage_form="片剂",
        manufacturer="示例制药有限公司",
        holder="示例制药有限公司",
        base_unit="片",
        packs=(Pack("盒", 20), Pack("箱", 2000)),
        category="chemical",
        rx=RxStatus.RX,
        marketing=MarketingClass.GENERIC,
        approval_number=f"国药准字H2020{number + 1:04d}",
    )


def open_account(crm: PharmaCRM, buyer: str, *, limit: str = "100000.00") -> None:
    """Register a hospital with its papers, reviewed, and with a credit limit in CNY."""
    customer = RegisterCustomer(
        id=buyer, kind=CustomerKind.HOSPITAL, name=f"示例医院{buyer}", address=WHERE, price_list="STD"
    )
    crm.do(customer, actor=ADMIN).expect()
    expires = crm.clock.now().date() + timedelta(days=1000)
    for kind in HOSPITAL_PAPERS:
        paper = RegisterLicence(customer=buyer, kind=kind, number=f"{kind.name}-1", expires=expires)
        crm.do(paper, actor="zhou.jiu").expect()
    review = ReviewDossier(
        customer=buyer, kind=CustomerKind.HOSPITAL, verdict=Verdict.APPROVE, comment="资料齐全"
    )
    crm.do(review, actor="zhou.jiu").expect()
    crm.do(
        SetCreditLimit(customer=buyer, limit=Money(limit, "CNY"), reason="年度授信"), actor="qian.qi"
    ).expect()


def an_order(
    id: str = "",
    *,
    buyer: str = "H-001",
    quantity: int = 1000,
    lines: int = 1,
    terms: str = "net 60",
    ship_on: date | None = None,
    product: str = "",
) -> PlaceOrder:
    """An order of the company's products at list price, fit to be placed; of one `product` if it is named."""
    chosen = [(product, PRODUCTS[product])] if product else list(PRODUCTS.items())[:lines]
    return PlaceOrder(
        id=id,
        buyer=buyer,
        lines=tuple(Line(product, quantity, price) for product, price in chosen),
        consignee="陈主任",
        phone="021-64041990",
        address=WHERE,
        terms=terms,
        ship_on=ship_on,
    )


def release(crm: PharmaCRM, order: str, *, signers: tuple[str, ...] = SIGNERS) -> None:
    """Have every step between submission and warehouse signed."""
    for signer in signers:
        crm.do(ApproveOrder(order=order), actor=signer).expect()


def open_supplier(crm: PharmaCRM, supplier: str, *, kind: CustomerKind = CustomerKind.MANUFACTURER) -> None:
    """Register a supplier with every paper of a first operation (首营企业), reviewed."""
    maker = RegisterCustomer(id=supplier, kind=kind, name=f"示例药厂{supplier}", address=WHERE)
    crm.do(maker, actor=ADMIN).expect()
    expires = crm.clock.now().date() + timedelta(days=1000)
    for needed, *_ in SUPPLIER_PAPERS[kind]:
        scope = ("chemical",) if needed is LicenceKind.DRUG_DISTRIBUTION else ()
        paper = RegisterLicence(
            customer=supplier, kind=needed, number=f"{needed.name}-1", expires=expires, scope=scope
        )
        crm.do(paper, actor="zhou.jiu").expect()
    review = ReviewDossier(customer=supplier, kind=kind, verdict=Verdict.APPROVE, comment="首营审核通过")
    crm.do(review, actor="zhou.jiu").expect()


def purchase_route(version: int = 1) -> str:
    """A route for purchase orders (采购审批): a lead; finance from CNY 10,000; quality for special drugs.

    Another day of arrival takes no decision back.
    """
    return canonical(
        {
            "code": "purchase_cn",
            "version": version,
            "kind": "purchase_order",
            "guards": {"expected_on": ""},
            "steps": [
                {"step": "lead", "label_zh": "部门领导审核", "by": [{"role": "lead", "scope": "unit"}]},
                {
                    "step": "quality",
                    "label_zh": "质量审核",
                    "by": [{"role": "quality"}],
                    "when": {"field": "special", "eq": True},
                },
                {
                    "step": "finance",
                    "label_zh": "财务审核",
                    "by": [{"role": "finance"}],
                    "when": {"field": "amount", "ge": {"money": "10000.00 CNY"}},
                },
            ],
        }
    )


def quote_route(version: int = 1) -> str:
    """A route for quotes (报价单审批): a lead; finance too below a floor, or from a discount of 10 percent.

    Another validity, or another note, takes no decision back.
    """
    return canonical(
        {
            "code": "quote_cn",
            "version": version,
            "kind": "quote",
            "guards": {"valid_until": "", "other": ""},
            "steps": [
                {"step": "lead", "label_zh": "部门领导审核", "by": [{"role": "lead", "scope": "unit"}]},
                {
                    "step": "finance",
                    "label_zh": "财务价格审核",
                    "by": [{"role": "finance"}],
                    "when": {
                        "any": [
                            {"field": "below_floor", "eq": True},
                            {"field": "discount", "ge": {"number": "10"}},
                        ]
                    },
                },
            ],
        }
    )
