"""Measured figures as a Markdown table, and their place on a page of the documentation."""

import os
import platform

BEGIN, END = "<!-- measured -->", "<!-- end of measured -->"


def table(rows: list[tuple[str, str]]) -> str:
    """The figures as a Markdown table, with the machine they were taken on."""
    machine = f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    lines = [f"Measured on {machine}; a shared machine, so that only ratios of one run say anything.", ""]
    lines += ["| what | figure |", "|---|---|", *(f"| {what} | {value} |" for what, value in rows)]
    return "\n".join(lines)


def replaced(page: str, name: str, found: str) -> str:
    """The page with other figures between the marks of a name."""
    begin, end = f"<!-- measured: {name} -->", f"<!-- end of measured: {name} -->"
    before, rest = page.split(begin)
    return f"{before}{begin}\n{found}\n{end}{rest.split(end)[1]}"
