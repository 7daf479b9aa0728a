"""What every part of an approval shares: where approvers are looked for, and what a signature says."""

from enum import StrEnum

from attrs import frozen


class Scope(StrEnum):
    """Which holders of a role may decide: all, or those of the requester's unit and of the units above it."""

    TENANT = "tenant"
    UNIT = "unit"


@frozen
class Meaning:
    """What a signature says, in both languages, as it stands in the trail (21 CFR 11.50)."""

    en: str
    zh: str


SUBMISSION = "submission"
"""The name under which the requester's own signature stands; no step may be called so."""
