"""The public strategies: what they call good is taken, what they call a near miss is refused and named.

Everything goes by the registry: a new command, question or field is under these laws without an edit here.
"""

from datetime import date, datetime
from typing import Annotated, Any

import pytest
from attrs import field, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmacrm.core.kernel.codec import dumps, from_plain, loads, to_plain
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.money import Money, Percentage, Price
from pharmacrm.core.kernel.strict import Id, Limit, strict
from pharmacrm.core.values.trade import CustomerKind
from pharmacrm.testing import strategies as some
from pharmacrm.testing.strategies import TRAPS, Family, NearMiss, near_misses, near_misses_of
from tests.bad_inputs.examples import EXAMPLES
from tests.bad_inputs.fields import MODELS
from tests.flows.house import open_house

MESSAGES = open_house().registry.messages
LONGEST_MESSAGE = 800


def refusal(miss: NearMiss) -> MalformedInput:
    """The error of a near miss: typed, of the field, with a value that is safe to show."""
    with pytest.raises(MalformedInput) as caught:
        miss.make()
    error = caught.value
    assert miss.names(error.field), (miss, error)
    assert error.code.count(".") == 1
    assert str(error).isprintable()
    assert len(str(error)) < LONGEST_MESSAGE
    return error


@pytest.mark.parametrize("name", sorted({*MESSAGES, *MODELS}))
def test_every_field_refuses_every_trap_and_names_itself(name: str) -> None:
    """All of them, not a sample; a message without an example here fails."""
    misses = list(near_misses_of(MODELS[name]))
    assert {miss.field for miss in misses} == {shape.name for shape in some.shapes(type(MODELS[name]))}
    for miss in misses:
        refusal(miss)


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_whatever_else_a_message_says_a_near_miss_is_refused(name: str) -> None:
    if not any(some.shapes(MESSAGES[name])):
        assert near_misses(MESSAGES[name]).is_empty
        return

    @settings(max_examples=10)
    @given(near_misses(MESSAGES[name]))
    def law(miss: NearMiss) -> None:
        refusal(miss)

    law()


@pytest.mark.parametrize("name", sorted({*MESSAGES, *MODELS}))
def test_good_instances_go_to_json_and_back_unchanged(name: str) -> None:
    @settings(max_examples=20)
    @given(some.instances(MESSAGES.get(name) or type(MODELS[name])))
    def law(good: Any) -> None:
        kind = type(good)
        assert from_plain(kind, to_plain(good)) == good
        assert from_plain(kind, loads(dumps(good))) == good

    law()


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_a_trap_in_plain_data_is_refused_as_well(name: str) -> None:
    """What came as JSON and what a caller hands over meet the same readers."""
    plain = to_plain(EXAMPLES[name])
    for miss in near_misses_of(EXAMPLES[name]):
        bad = miss.trap.make()
        given_ = {**plain, miss.field: [bad] if miss.inside else bad}
        with pytest.raises(MalformedInput) as caught:
            from_plain(MESSAGES[name], given_)
        assert miss.names(caught.value.field), (miss, caught.value)


def test_traps_are_named_once_and_made_anew() -> None:
    for family in Family:
        traps = (*TRAPS[Family.ANY], *TRAPS[family]) if family is not Family.ANY else TRAPS[family]
        names = [trap.name for trap in TRAPS[family]]
        assert len(names) == len(set(names)), family
        assert traps
    used_up = next(trap for trap in TRAPS[Family.ANY] if trap.name == "generator")
    assert list(used_up.make()) == list(used_up.make())


@frozen(kw_only=True, field_transformer=strict)
class CountStock(Command[None]):
    """A plugin's command, of which nobody here has heard, with a field of every plain type."""

    id: Id
    shelves: tuple[Id, ...] = ()
    counted: tuple[int, ...] = ()
    on: date
    at: datetime
    worth: Money
    price: Price | None = None
    share: Percentage | None = None
    kind: CustomerKind
    final: bool = False
    note: Annotated[str, Limit(20, empty=True)] = ""


@frozen(kw_only=True, field_transformer=strict)
class Loose(Command[None]):
    id: Id
    anything: Any = None


@given(some.commands(CountStock))
@settings(max_examples=5)
def test_a_plugins_command_gets_a_strategy_for_nothing(good: CountStock) -> None:
    assert from_plain(CountStock, to_plain(good)) == good
    for miss in near_misses_of(good):
        refusal(miss)


def test_a_field_that_says_nothing_of_itself_wants_a_strategy_by_its_name() -> None:
    with pytest.raises(TypeError, match="anything"):
        some.commands(Loose)
    with pytest.raises(TypeError, match="no field warehouse"):
        some.commands(CountStock, warehouse=st.just("W-1"))


@frozen(kw_only=True)
class Careless(Command[None]):
    """The control: without strict reading, near misses get in."""

    id: Id
    amount: int = field(default=0)


def test_a_class_that_is_not_strict_is_found_out() -> None:
    taken = [miss for miss in near_misses_of(Careless(id="x")) if isinstance(miss.make(), Careless)]
    assert {miss.field for miss in taken} == {"id", "amount"}


@given(st.data())
def test_given_strategies_are_used_inside_lists_as_well(data: st.DataObject) -> None:
    order = data.draw(
        some.commands(MESSAGES["PlaceOrder"], buyer=st.just("H-001"), product=st.just("ATO-20"))
    )
    assert order.buyer == "H-001"
    assert {line.product for line in order.lines} <= {"ATO-20"}
