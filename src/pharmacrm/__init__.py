"""pharmacrm: a pharmaceutical CRM engine that works inside your own system.

    import pharmacrm

    crm = pharmacrm.connect("sqlite:///crm.db")
    answer = crm.do(pharmacrm.PlaceOrder(...), actor="zhang.san", key="web-17")

The public names stand in `__init__.pyi`. Each is imported when it is first used, so that importing the
package is cheap.
"""

from functools import cache
from importlib import import_module

__version__ = "0.1.0"


@cache
def _where() -> dict[str, str]:
    """Each public name and the module that it comes from, as type checkers read them."""
    import ast
    from pkgutil import get_data

    stub = ast.parse(get_data(__name__, "__init__.pyi") or b"")
    imports = (node for node in stub.body if isinstance(node, ast.ImportFrom))
    return {each.name: str(node.module) for node in imports for each in node.names}


def __getattr__(name: str) -> object:
    if name == "__all__":
        return sorted(_where())
    if name.startswith("__") or name not in _where():
        raise AttributeError(f"module 'pharmacrm' has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(_where()[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_where()})
