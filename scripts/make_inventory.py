"""Make tests/data/inventory.csv and check tests/data/rules.csv from the domain papers.

    python scripts/make_inventory.py FOLDER

FOLDER holds functions.md and rules.md, which are not part of this repository. Of the inventory only the id, a
short English name and the leading release mark are taken. The titles in rules.csv are written by hand; a rule
without a title, and a title without a rule, are errors.
"""

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parent.parent / "tests" / "data"
EXPECTED_FUNCTIONS = 204
CHINESE = r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
# Names that are not English once the Chinese is taken out.
NAMES = {
    "KT-11": "Integrate ERP, SFA and EMR systems",
    "KT-12": "The laws named by the source",
    "KT-20": "Medication reminder text by SMS or WeChat",
    "KT-30": "Wording of the edit trail",
    "KT-32": "On regulation change add fields, such as the value of a gift",
    "KT-33": "Patient follow-up: patient reports a blood sugar value by WeChat; doctor sees and advises",
    "XT-37": "Phone, mail, mobile and SMS messages to consumers, with feedback",
}


def rows(paper: Path, pattern: str) -> Iterator[list[str]]:
    """Cells of the table rows whose first cell is an id."""
    for line in paper.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and re.fullmatch(pattern, cells[0]):
            yield cells


def english(id_: str, text: str) -> str:
    """Give the function's name without its Chinese terms."""
    if id_ in NAMES:
        return NAMES[id_]
    name = re.sub(rf"\s*\([^()]*{CHINESE}[^()]*\)", "", text).strip()
    if re.search(CHINESE, name):
        message = f"{id_}: no English name for {text!r}; add it to NAMES"
        raise SystemExit(message)
    return name


def write_inventory(paper: Path) -> int:
    """Write inventory.csv; give the number of functions."""
    functions = list(rows(paper, r"(XT|UF|SC|KT|FP)-\d\d"))
    if len(functions) != EXPECTED_FUNCTIONS:
        message = f"{paper}: {len(functions)} functions instead of {EXPECTED_FUNCTIONS}"
        raise SystemExit(message)
    named = [(id_, english(id_, name), re.split(r"[ /,;]", last)[0]) for id_, name, *_, last in functions]
    with (DATA / "inventory.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([("id", "function", "release"), *named])
    return len(functions)


def check_rules(paper: Path) -> int:
    """Compare rules.csv with the rules that are there; give their number."""
    there = {cells[0] for cells in rows(paper, r"R-\d\d[a-z]?")}
    with (DATA / "rules.csv").open(encoding="utf-8", newline="") as file:
        titled = {row["id"] for row in csv.DictReader(file)}
    if there != titled:
        message = f"rules.csv: no title for {sorted(there - titled)}, no rule for {sorted(titled - there)}"
        raise SystemExit(message)
    return len(there)


if __name__ == "__main__":
    papers = Path(sys.argv[1])
    print(write_inventory(papers / "functions.md"), "functions,", check_rules(papers / "rules.md"), "rules")
