"""Dunning (催款): levels by days late as data, one letter for each customer."""

from pharmacrm.core.collections.dunning.commands import (
    BlockDunning,
    SetDunningPolicy,
    SetDunningTerms,
    UnblockDunning,
)
from pharmacrm.core.collections.dunning.handlers import HANDLERS
from pharmacrm.core.collections.dunning.model import (
    STANDARD,
    DunnedItem,
    DunningBlock,
    DunningClock,
    DunningLetter,
    DunningLevel,
    DunningMark,
    DunningPolicy,
    DunningTerms,
    Suspension,
)
from pharmacrm.core.collections.dunning.rules import Dunnable, DunningProposal, propose, send

RECORDS = (
    DunningPolicy,
    DunningTerms,
    DunningBlock,
    DunningLetter,
    DunnedItem,
    DunningMark,
)
COMMANDS = (
    SetDunningPolicy,
    SetDunningTerms,
    BlockDunning,
    UnblockDunning,
)

__all__ = [
    "COMMANDS",
    "HANDLERS",
    "RECORDS",
    "STANDARD",
    "BlockDunning",
    "Dunnable",
    "DunnedItem",
    "DunningBlock",
    "DunningClock",
    "DunningLetter",
    "DunningLevel",
    "DunningMark",
    "DunningPolicy",
    "DunningProposal",
    "DunningTerms",
    "SetDunningPolicy",
    "SetDunningTerms",
    "Suspension",
    "UnblockDunning",
    "propose",
    "send",
]
