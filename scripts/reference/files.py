"""The columns of the files that an ERP may send, as the page about connecting one shows them."""

import re

from pharmacrm.plugins.erp.columns import FILES

BETWEEN = re.compile(r"(?<=<!-- columns -->\n\n).*?(?=\n<!-- end of columns -->)", re.DOTALL)


def file_tables() -> str:
    """A heading and a table for each kind of file."""
    parts = []
    for kind in FILES:
        whole = "taken in whole or not at all" if kind.whole else "taken in row by row"
        head = [
            f"### {kind.prefix}-*.csv",
            "",
            f"Each row is a {_link(kind.command.__name__)}; {whole}.",
            "",
            "| column | required | written as |",
            "|---|---|---|",
        ]
        rows = [
            f"| `{name}` | {'yes' if column.required else ''} | {column.written} |"
            for name, column in kind.columns.items()
        ]
        parts.append("\n".join([*head, *rows]))
    return "\n\n".join(parts) + "\n"


def _link(command: str) -> str:
    return f"[{command}](../reference/commands.md#{command.lower()})"


def with_tables(page: str) -> str:
    """The page with its tables made anew."""
    tables = file_tables()
    return BETWEEN.sub(lambda _: tables, page)
