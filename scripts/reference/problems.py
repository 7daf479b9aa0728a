"""The page of errors: the classes, and the codes that they carry."""

import inspect
from itertools import groupby

from pharmacrm import PharmaCRMError
from pharmacrm.core.kernel import errors as kernel
from scripts.reference.meanings import documented
from scripts.reference.words import docs, table

ERRORS = """# Errors

A "no" is never raised: it is a `Decision` with [reasons](reasons.md). What is raised stands here. Every
error is a `PharmaCRMError` with a `code`, a `message` and `docs`, the place on this page; nothing was
stored, unless the page says so.

```text
{tree}
```
"""
CODES = """## Codes

`MalformedInput` names the field as a path (`lines[2].price`) and shows the value, or `<personal>` where it
must not.
"""


def classes() -> list[type[PharmaCRMError]]:
    """Every class of errors, parents first."""
    found = [
        each for _, each in inspect.getmembers(kernel, inspect.isclass) if issubclass(each, PharmaCRMError)
    ]
    return sorted(found, key=lambda each: [step.__name__ for step in reversed(each.__mro__) if step in found])


def errors() -> str:
    """The page of errors."""
    tree = "\n".join("  " * _depth(each) + each.__name__ for each in classes())
    lines = [ERRORS.format(tree=tree)]
    for each in classes():
        lines += [f"## {each.__name__}", "", *docs(each), ""]
    lines.append(CODES)
    for family, members in groupby(documented().items(), key=lambda item: item[0].partition(".")[0]):
        rows = [(f"`{code}`{{#{code.replace('.', '-')}}}", meaning) for code, meaning in members]
        lines += [f"### Codes of {family}", *table(("code", "meaning"), rows)]
    return "\n".join(lines)


def _depth(each: type) -> int:
    return sum(issubclass(step, PharmaCRMError) for step in each.__mro__) - 1
