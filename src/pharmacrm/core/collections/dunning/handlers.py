"""Handlers of the commands of dunning: they load what the rule needs."""

from attrs import evolve

from pharmacrm.core.collections.dunning import policy
from pharmacrm.core.collections.dunning.commands import (
    BlockDunning,
    SetDunningPolicy,
    SetDunningTerms,
    SetDunningText,
    UnblockDunning,
)
from pharmacrm.core.collections.dunning.model import DunningBlock, DunningPolicy, DunningTerms
from pharmacrm.core.collections.dunning.reasons import BLOCK_NONE, BLOCK_PAST, TERMS_LEVEL
from pharmacrm.core.collections.dunning.texts import DunningText, set_text, text_id
from pharmacrm.core.kernel.decision import Decision, accept, save
from pharmacrm.core.kernel.message import Reads


@SetDunningPolicy.handler
def set_dunning_policy(command: SetDunningPolicy, read: Reads) -> Decision[DunningPolicy]:
    """Read the policy of that name, if there is one."""
    new = DunningPolicy(
        id=command.id,
        levels=command.levels,
        interest=command.interest,
        pause=command.pause,
        minimum=command.minimum,
        one_at_a_time=command.one_at_a_time,
        active=command.active,
    )
    return policy.set_policy(read.seek(DunningPolicy, command.id), new)


@SetDunningTerms.handler
def set_dunning_terms(command: SetDunningTerms, read: Reads) -> Decision[DunningTerms]:
    """Read the policy, which must be there, and what was agreed before."""
    levels = len(read.get(DunningPolicy, command.policy).levels)
    old = read.seek(DunningTerms, command.customer)
    new = DunningTerms(
        id=command.customer,
        version=old.version if old else 0,
        policy=command.policy,
        max_level=command.max_level,
        language=command.language,
    )
    if new == old:
        return accept(old)
    level = command.max_level
    beyond = level is not None and not 0 <= level <= levels
    found = (TERMS_LEVEL(new.id, field="max_level", observed=level, expected=levels),) if beyond else ()
    return accept(new, found, save(new))


@SetDunningText.handler
def set_dunning_text(command: SetDunningText, read: Reads) -> Decision[DunningText]:
    """Read the text of that customer, language and level, if there is one."""
    new = DunningText(
        id=text_id(command.customer, command.language, command.level),
        customer=command.customer,
        language=command.language,
        level=command.level,
        subject=command.subject,
        text=command.text,
    )
    return set_text(read.seek(DunningText, new.id), new)


@BlockDunning.handler
def block_dunning(command: BlockDunning, read: Reads) -> Decision[DunningBlock]:
    """Read the block, if there was one."""
    old = read.seek(DunningBlock, command.subject_id)
    new = DunningBlock(
        id=command.subject_id,
        version=old.version if old else 0,
        until=command.until,
        reason=command.reason,
    )
    past = command.until is not None and command.until < read.on
    found = (BLOCK_PAST(new.id, field="until", observed=command.until),) if past else ()
    return accept(new, found, save(new) if new != old else ())


@UnblockDunning.handler
def unblock_dunning(command: UnblockDunning, read: Reads) -> Decision[DunningBlock]:
    """Read the block; where there is none, nothing happens."""
    old = read.seek(DunningBlock, command.subject_id)
    if old is None or not old.holds(read.on):
        return accept(old, BLOCK_NONE(command.subject_id, field="subject_id"))
    lifted = evolve(old, lifted=True, reason=command.reason)
    return accept(lifted, save(lifted))


HANDLERS = (
    set_dunning_policy,
    set_dunning_terms,
    set_dunning_text,
    block_dunning,
    unblock_dunning,
)
