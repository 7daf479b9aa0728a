"""Routes written as YAML: the same route as its JSON, or an error with its place, never another route."""

import io
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from pharmacrm.core.engines.approval.routes import Route, route_from, route_plain, route_text
from pharmacrm.core.flows.routing import PublishRoute
from pharmacrm.core.kernel.errors import MalformedInput, PluginFailure
from pharmacrm.crm import SimulatedClock, connect
from pharmacrm.plugins.definitions import route_from_yaml, yaml_definition
from pharmacrm.plugins.definitions.yaml import LONGEST, read_yaml
from pharmacrm.testing.company import ADMIN
from tests.approval.test_route_laws import routes

ORDER = """
# 采购订单
code: purchase_cn
version: 1
kind: purchase
fields: {vendor: person?, opened: date?}
guards:
  opened: ""
when: {field: opened, ge: {date: 2026-03-01}}
steps:
  - step: lead
    label_zh: 部门领导
    by: [{role: lead, scope: unit}]
  - parallel:
      - step: finance
        label_zh: '财务'
        by:
          - authority:
              - {role: finance, up_to: 10000.00 CNY}
              - role: director
      - {step: quality, label_zh: "质量", by: [{role: quality}], quorum: {percent: 60}}
    branches: all
requester_may_decide: false
"""


def test_a_route_of_yaml_is_the_route_of_its_json() -> None:
    route = route_from_yaml(ORDER)
    assert route == route_from(read_yaml(ORDER))
    assert [step.name for step in route.all_steps()] == ["lead", "finance", "quality"]
    assert str(route_plain(route)["when"]) == "{'field': 'opened', 'ge': {'date': '2026-03-01'}}"
    assert route_from(route_plain(route)) == route


def test_it_is_published_by_its_canonical_json() -> None:
    crm = connect("memory://", clock=SimulatedClock())
    crm.install(admin=ADMIN)
    published = crm.do(PublishRoute(definition=yaml_definition(ORDER)), actor=ADMIN).expect()
    assert published.text == route_text(route_from_yaml(ORDER))
    wrong = crm.do(PublishRoute(definition=yaml_definition("code: purchase_cn")), actor=ADMIN)
    assert "kind" in {reason.field for reason in wrong.reasons}
    crm.close()


@given(routes, st.booleans())
def test_every_route_comes_back_whichever_way_it_is_written(route: Route, flow: bool) -> None:
    """As blocks or in one line, as another writer of YAML 1.2 writes it."""
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = flow
    written = io.StringIO()
    writer.dump(route_plain(route), written)
    assert route_from_yaml(written.getvalue()) == route
    assert yaml_definition(written.getvalue()) == route_text(route)


AMBIGUOUS = (
    "yes", "No", "on", "OFF", "y", "n", "~", "", "Null", "1.0", "0.15", ".5", "1e3", "1.5e3", "010", "0o17",
    "0x1F", "1_000", "+5", "12:30", "1:30:00", ".inf", "-.INF", ".nan", "2026-03-01T10:00:00Z",
    "2026-03-01 10:00:00", "<<", "=", "12345678901234567890",
)  # fmt: skip


@pytest.mark.parametrize("word", AMBIGUOUS)
def test_a_word_with_two_meanings_is_refused_where_it_stands_and_taken_when_quoted(word: str) -> None:
    with pytest.raises(MalformedInput) as caught:
        read_yaml(f"code: x\nkind: {word}")
    assert (caught.value.code, caught.value.field[:6]) == ("yaml.ambiguous", "line 2")
    assert read_yaml(f"kind: '{word}'") == {"kind": word}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("true", True),
        ("False", False),
        ("null", None),
        ("0", 0),
        ("-7", -7),
        ("2026-03-01", "2026-03-01"),
        ("10000.00 CNY", "10000.00 CNY"),
        ("9f2c", "9f2c"),
        ("上海", "上海"),
        ('"\\u4e2d"', "中"),
        ("onward", "onward"),
        ("[1, x, {a: b}]", [1, "x", {"a": "b"}]),
        ("|-\n  x\n  y", "x\ny"),
        (">-\n  x\n  y", "x y"),
    ],
)
def test_a_word_with_one_meaning_is_that(written: str, read: Any) -> None:
    found = read_yaml(f"a: {written}\n")["a"]
    assert found == read
    assert type(found) is type(read)


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a: &x 1\nb: *x", "yaml.anchor", "line 1, column 4"),
        ("a: *x", "yaml.anchor", "line 1, column 4"),
        ("a: !!str 1", "yaml.tag", "line 1, column 4"),
        ("a: !python/object:os.system x", "yaml.tag", "line 1, column 4"),
        ("a: {b: 1, b: 2}", "yaml.twice", "line 1, column 11"),
        ("steps: 1\nsteps: 2", "yaml.twice", "line 2, column 1"),
        ("a: 1\n---\nb: 2", "yaml.document", "line 2, column 1"),
        ("%YAML 1.1\n---\na: 1", "yaml.document", "line 2, column 1"),
        ("%TAG ! tag:x,2000:\n---\na: 1", "yaml.document", "line 2, column 1"),
        ("1: x", "yaml.key", "line 1, column 1"),
        ("true: x", "yaml.key", "line 1, column 1"),
        ("? [1]\n: x", "yaml.key", "line 1, column 3"),
        ("on: x", "yaml.ambiguous", "line 1, column 1"),
        ("<<: {a: 1}", "yaml.ambiguous", "line 1, column 1"),
        ("a: b: c", "yaml.format", "line 1, column 5"),
        ("\ta: 1", "yaml.format", "line 1, column 1"),
        ("a: [1", "yaml.format", "line 1, column 6"),
        ("[" * 50_000, "yaml.depth", "line 1, column 33"),
        ("a: \x00", "yaml.format", ""),
        ("a: \ud800", "yaml.format", ""),
    ],
)
def test_what_a_definition_does_not_need_is_refused_with_its_place(text: str, code: str, place: str) -> None:
    with pytest.raises(MalformedInput) as caught:
        read_yaml(text)
    assert (caught.value.code, caught.value.field) == (code, place)


@pytest.mark.parametrize("text", ["", "# nothing", "a text", "[1]"])
def test_what_is_no_object_is_no_route(text: str) -> None:
    with pytest.raises(ExceptionGroup):
        route_from_yaml(text)


@pytest.mark.parametrize("text", [None, b"a: 1", "x" * (LONGEST + 1)])
def test_what_is_no_text_of_that_length_is_refused(text: Any) -> None:
    with pytest.raises(MalformedInput) as caught:
        read_yaml(text)
    assert caught.value.code == "yaml.text"


@given(st.text(st.sampled_from("ab:[]{}&*!#|>-%'\"\n 1~,?"), max_size=30))
def test_whatever_is_read_gives_data_or_one_of_these_errors(text: str) -> None:
    assert _code(text).partition(".")[0] in {"", "yaml"}


def _code(text: str) -> str:
    """The code of the error, or "" where it was read; anything else is raised."""
    try:
        read_yaml(text)
    except MalformedInput as error:
        return error.code
    return ""


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ruamel.yaml", None)
    with pytest.raises(PluginFailure, match=r"pharmacrm\[yaml\]") as caught:
        read_yaml("a: 1")
    assert caught.value.code == "yaml.missing"
