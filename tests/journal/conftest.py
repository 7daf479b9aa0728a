"""The same company on each kind of store in turn."""

from collections.abc import Callable

import pytest

from pharmacrm.crm import PharmaCRM
from tests.flows.companies import KINDS, closed, company_on, founded

__all__ = ["closed", "company_on", "crm", "founded"]


@pytest.fixture(params=KINDS)
def crm(request: pytest.FixtureRequest, company_on: Callable[..., PharmaCRM]) -> PharmaCRM:
    """A founded company."""
    return company_on(request.param)
