"""Dunning (催款): levels by days late as data, one letter for each customer, and claims that stay."""

from pharmacrm.core.collections.dunning.commands import (
    BlockDunning,
    SetDunningPolicy,
    SetDunningTerms,
    SettleDunningClaim,
    UnblockDunning,
    WaiveDunningClaim,
)
from pharmacrm.core.collections.dunning.handlers import HANDLERS
from pharmacrm.core.collections.dunning.model import (
    STANDARD,
    ClaimKind,
    DunnedItem,
    DunningBlock,
    DunningClaim,
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
    DunningClaim,
    DunningMark,
)
COMMANDS = (
    SetDunningPolicy,
    SetDunningTerms,
    BlockDunning,
    UnblockDunning,
    WaiveDunningClaim,
    SettleDunningClaim,
)

__all__ = [
    "COMMANDS",
    "HANDLERS",
    "RECORDS",
    "STANDARD",
    "BlockDunning",
    "ClaimKind",
    "Dunnable",
    "DunnedItem",
    "DunningBlock",
    "DunningClaim",
    "DunningLetter",
    "DunningLevel",
    "DunningMark",
    "DunningPolicy",
    "DunningProposal",
    "DunningTerms",
    "SetDunningPolicy",
    "SetDunningTerms",
    "SettleDunningClaim",
    "Suspension",
    "UnblockDunning",
    "WaiveDunningClaim",
    "propose",
    "send",
]
