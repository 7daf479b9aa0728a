"""Dunning (催款): levels by days late as data, one letter for each customer."""

from pharmacrm.core.collections.dunning.commands import (
    BlockDunning,
    SetDunningPolicy,
    SetDunningTerms,
    SetDunningText,
    UnblockDunning,
)
from pharmacrm.core.collections.dunning.handlers import HANDLERS
from pharmacrm.core.collections.dunning.model import (
    CHINESE,
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
from pharmacrm.core.collections.dunning.rules import Dunnable, DunningProposal, letter_of, propose, send
from pharmacrm.core.collections.dunning.texts import DunningText, worded

RECORDS = (
    DunningPolicy,
    DunningTerms,
    DunningBlock,
    DunningLetter,
    DunnedItem,
    DunningMark,
    DunningText,
)
COMMANDS = (
    SetDunningPolicy,
    SetDunningTerms,
    SetDunningText,
    BlockDunning,
    UnblockDunning,
)

__all__ = [
    "CHINESE",
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
    "DunningText",
    "SetDunningPolicy",
    "SetDunningTerms",
    "SetDunningText",
    "Suspension",
    "UnblockDunning",
    "letter_of",
    "propose",
    "send",
    "worded",
]
