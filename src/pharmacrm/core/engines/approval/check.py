"""Whether a chain can be used at all: every mistake in it, all at once."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from pharmacrm.core.engines.approval.definition import ANY, SUBMISSION, All, AtLeast, Chain, Scope, Stage
from pharmacrm.core.kernel.errors import MalformedInput

MOST_STAGES: Final = 100
MOST_PERSONS: Final = 100

_WORD: Final = re.compile(r"[a-z][a-z0-9_]{0,47}")


def check_chain(chain: Chain) -> tuple[MalformedInput, ...]:
    """Give every mistake in a chain, each with the field that holds it; none means that it can be used."""
    return (*_heading(chain), *_length(chain), *_stages(chain))


def sound(chain: Chain) -> Chain:
    """Return the chain, or raise the first mistake in it; a chain that was found sound once stays so."""
    try:
        mistakes = _remembered(chain)
    except TypeError:  # it cannot be hashed, so something in it is of a wrong type
        mistakes = check_chain(chain)
    for mistake in mistakes:
        raise mistake
    return chain


@lru_cache(maxsize=256)
def _remembered(chain: Chain) -> tuple[MalformedInput, ...]:
    return check_chain(chain)


def _heading(chain: Chain) -> Iterator[MalformedInput]:
    if not _is_word(chain.code):
        yield MalformedInput("chain.code", "a code is a lower-case word", field="code", value=chain.code)
    if type(chain.version) is not int or chain.version < 1:
        yield MalformedInput(
            "chain.version", "a version is a whole number from 1", field="version", value=chain.version
        )
    for name in ("exclude_requester", "distinct_persons"):
        if type(getattr(chain, name)) is not bool:
            yield MalformedInput(
                "chain.switch", "a switch is True or False", field=name, value=getattr(chain, name)
            )


def _length(chain: Chain) -> Iterator[MalformedInput]:
    for name, least in (("stages", 1), ("after", 0)):
        stages = getattr(chain, name)
        if type(stages) is not tuple:
            yield MalformedInput("chain.stages", "stages are a tuple", field=name, value=stages)
        elif not least <= len(stages) <= MOST_STAGES:
            message = f"a chain has {least} to {MOST_STAGES} of them, not {len(stages)}"
            yield MalformedInput("chain.length", message, field=name, value=len(stages))


def _stages(chain: Chain) -> Iterator[MalformedInput]:
    seen = {SUBMISSION}
    for group in ("stages", "after"):
        for place, stage in enumerate(_listed(getattr(chain, group))):
            field = f"{group}[{place}]"
            if type(stage) is not Stage:
                yield MalformedInput("chain.stage", "a Stage is wanted", field=field, value=stage)
                continue
            yield from (mistake.inside(field) for mistake in _stage(stage, seen))
            if group == "after" and stage.quorum != ANY:
                message = "one person signs what follows"
                yield MalformedInput("chain.quorum", message, field=f"{field}.quorum", value=stage.quorum)


def _stage(stage: Stage, seen: set[str]) -> Iterator[MalformedInput]:
    if not _is_word(stage.name):
        yield MalformedInput(
            "chain.stage_name", "a name is a lower-case word", field="name", value=stage.name
        )
    elif stage.name in seen:
        yield MalformedInput("chain.stage_twice", "the name is taken", field="name", value=stage.name)
    else:
        seen.add(stage.name)
    if not _is_word(stage.role):
        yield MalformedInput("chain.role", "a role is a lower-case word", field="role", value=stage.role)
    if type(stage.scope) is not Scope:
        yield MalformedInput("chain.scope", "a Scope is wanted", field="scope", value=stage.scope)
    if not _is_quorum(stage.quorum):
        message = f"ANY, ALL, or AtLeast(1 to {MOST_PERSONS}) is wanted"
        yield MalformedInput("chain.quorum", message, field="quorum", value=stage.quorum)


def _is_quorum(quorum: object) -> bool:
    if type(quorum) is AtLeast:
        return type(quorum.persons) is int and 1 <= quorum.persons <= MOST_PERSONS
    return type(quorum) is All


def _is_word(text: object) -> bool:
    return type(text) is str and _WORD.fullmatch(text) is not None


def _listed(stages: object) -> Iterable[object]:
    return stages[:MOST_STAGES] if isinstance(stages, tuple) else ()
