"""Doors are closed after each test; companies stand ready on each kind of store."""

from tests.flows.companies import closed, company_on, founded

__all__ = ["closed", "company_on", "founded"]
