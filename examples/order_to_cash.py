"""From the order to the cash: some months of a Chinese pharmaceutical wholesaler, on a simulated clock.

    python examples/order_to_cash.py [--months 5] [--customers 160] [--orders 500] [--seed 2026] [--folder .]

The same code as `pharmacrm demo`; its parts are in `pharmacrm.demo`: the people (cast), the goods
(catalogue), the customers with their papers, and what everybody does each day (office, warehouse, treasury).
It leaves `pharmacrm-demo.db` in the folder, and beside it the notices and the files for the ERP. Running it
again adds nothing.
"""

from argparse import ArgumentParser
from pathlib import Path

from pharmacrm.demo.run import open_in
from pharmacrm.demo.scale import Scale
from pharmacrm.demo.story import tell
from pharmacrm.demo.summary import summary

options = ArgumentParser(description="From the order to the cash.")
options.add_argument("--months", type=int, default=5)
options.add_argument("--customers", type=int, default=160)
options.add_argument("--orders", type=int, default=500)
options.add_argument("--seed", type=int, default=2026)
options.add_argument("--folder", type=Path, default=Path())
given = options.parse_args()
scale = Scale(months=given.months, customers=given.customers, orders=given.orders, seed=given.seed)


def progress(day: object, number: int, of: int) -> None:
    print(f"\r{day}  {number}/{of} working days", end="", flush=True)


# The door, with a clock that only the story moves, a notifier and an ERP adapter.
crm, clock = open_in(given.folder)

# Customers order, people release, the warehouse ships, money comes in; every command under a key of its own.
tell(crm, clock, scale, progress)

# What stands in the books now, read as any host would read it.
for section in summary(crm):
    print(f"\n\n{section.plain()}", end="")
print()
crm.close()
