"""What importing costs, and what it brings along."""

import json
import subprocess
import sys
from statistics import median

ASK = """
import json, sys, time
begun = time.perf_counter()
import pharmacrm
took = time.perf_counter() - begun
print(json.dumps([took, "sqlalchemy" in sys.modules]))
"""


def measure(times: int = 9) -> list[tuple[str, str]]:
    """The median time of `import pharmacrm` in a fresh interpreter, and whether SQLAlchemy came with it."""
    found = [json.loads(subprocess.check_output([sys.executable, "-c", ASK])) for _ in range(times)]  # noqa: S603
    brought = "yes" if any(each[1] for each in found) else "no"
    return [
        ("import pharmacrm, milliseconds", f"{median(each[0] for each in found) * 1000:.0f}"),
        ("import pharmacrm loads SQLAlchemy", brought),
    ]
