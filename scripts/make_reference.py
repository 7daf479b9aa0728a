"""Write the reference pages from what the door knows: `python -m scripts.make_reference --write`.

Without `--write` it only says which pages are out of date, as the test does.
"""

import re
import sys
from pathlib import Path

from pharmacrm.crm.registry import Registry
from pharmacrm.plugins.manager import Plugins
from scripts.reference.files import with_tables
from scripts.reference.messages import commands, events, questions
from scripts.reference.policy import policy
from scripts.reference.problems import errors
from scripts.reference.reasons import reasons
from scripts.reference.records import records, rights

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
CONNECTING = "../how-to/connect-an-erp.md"
"""A page of prose with tables that are made."""

NOTE = "<!-- Written from the source by `python -m scripts.make_reference --write`; a test compares. -->"


def registry() -> Registry:
    """What a door without plugins knows."""
    return Registry.of(Plugins(()).domains())


def pages() -> dict[str, str]:
    """Every generated page by file name."""
    known = registry()
    made = {
        "commands.md": commands(known),
        "questions.md": questions(known),
        "events.md": events(known),
        "records.md": records(known),
        "reasons.md": reasons(known),
        "errors.md": errors(),
        "rights.md": rights(known),
        "policy.md": policy(),
    }
    pages = {name: _tidy(text) for name, text in made.items()}
    return pages | {CONNECTING: with_tables(_read(FOLDER / CONNECTING))}


def stale() -> list[str]:
    """The pages that are not as they should be."""
    return [name for name, text in pages().items() if _read(FOLDER / name) != text]


def _tidy(text: str) -> str:
    """The note after the title, one blank line between paragraphs, no blanks at line ends."""
    title, _, rest = text.partition("\n")
    lines = "\n".join(line.rstrip() for line in f"{title}\n\n{NOTE}\n{rest}".splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main() -> int:
    """Write the pages, or say which ones would change."""
    late = stale()
    if "--write" in sys.argv[1:]:
        made = pages()
        for name in late:
            (FOLDER / name).write_text(made[name], encoding="utf-8")
        print("written:", ", ".join(late) or "nothing to do")
        return 0
    print("out of date:", ", ".join(late) or "none")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
