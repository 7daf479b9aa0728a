"""The plugin that registers the domains of pharmacrm itself: it finds the folders of the core."""

from importlib import import_module
from pkgutil import iter_modules

import pharmacrm.core
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import RegisterContext

name = "domains"
SHARED = {"kernel", "values", "plan", "engines", "flows"}


@hookimpl(trylast=True)
def pharmacrm_register(context: RegisterContext) -> list[Domain]:  # noqa: ARG001 - the hook's signature
    """Every domain of the core, then every flow."""
    folders = [each.name for each in iter_modules(pharmacrm.core.__path__) if each.name not in SHARED]
    flows = import_module("pharmacrm.core.flows")
    found = [f"pharmacrm.core.{folder}" for folder in sorted(folders)]
    found += [f"pharmacrm.core.flows.{each.name}" for each in iter_modules(flows.__path__)]
    modules = [import_module(path) for path in found]
    return [module.domain for module in modules if isinstance(getattr(module, "domain", None), Domain)]
