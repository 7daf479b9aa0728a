"""The whole flow: from submission through every signature to the first slip."""

import time
from statistics import median

from pharmacrm import IssueSlip, SlipItem, connect
from pharmacrm.testing.company import an_order, found_company, release


def measure(url: str, name: str, *, orders: int = 60) -> list[tuple[str, str]]:
    """Milliseconds from `PlaceOrder` to the first slip, six commands with all sign-offs, median."""
    crm = connect(url, prefix="flow_")
    found_company(crm, limit="99999999.00")
    took = []
    for number in range(orders):
        begun = time.perf_counter()
        order = crm.do(an_order(f"F-{number}", lines=5, quantity=100), actor="zhang.san").expect()
        release(crm, order.id)
        items = tuple(SlipItem(line, "L1", 100) for line in range(1, 6))
        crm.do(IssueSlip(order=order.id, items=items), actor="sun.ba").expect()
        took.append(time.perf_counter() - begun)
    crm.close()
    return [
        (f"{name}: submission to first slip with every signature, milliseconds", f"{median(took) * 1000:.1f}")
    ]
