"""The plugin is this module: one function with the name of a hook."""

from acme_samples.domain import DOMAIN
from pharmacrm import Domain, RegisterContext, hookimpl

name = "acme_samples"


@hookimpl
def pharmacrm_register(context: RegisterContext) -> Domain:  # noqa: ARG001 - the hook's signature
    """Bring the domain; its table, journal and rights follow from it."""
    return DOMAIN
