"""An approval route written as YAML 1.2: the same route as its JSON, or an error with line and column.

What two readers of YAML could take for two things is refused, with the advice to quote it: `yes` and `on`,
`1.0`, `0x1F`, `1_000`, `12:30`, an empty value. So are anchors, tags, merge keys, a key that stands twice and
a second document: a definition says what it says in the place where it says it. A date is a text.

It needs the extra `yaml`: `pip install "pharmacrm[yaml]"`.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

from attrs import define, field

from pharmacrm.core.engines.approval.routes.definition import Route
from pharmacrm.core.engines.approval.routes.reading import route_from
from pharmacrm.core.kernel.codec import DEEPEST, canonical
from pharmacrm.core.kernel.errors import MalformedInput, PluginFailure

LONGEST: Final = 100_000
"""Characters of the longest definition, as `PublishRoute` takes it."""

_TRUTHS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TWO_MEANINGS: Final = re.compile(
    r"""(?ix)
    | y | yes | n | no | on | off | ~ | null | << | =
    | [-+]? ( \.inf | [0-9][0-9_]* | 0[xob][0-9a-f_]+ ) | \.nan        # numbers, however they are written
    | [-+]? ( \.[0-9_]+ | [0-9][0-9_]*\.[0-9_]* ) ( e[-+]?[0-9]+ )? | [-+]? [0-9][0-9_]* e [-+]? [0-9]+
    | [-+]? [0-9][0-9_]* ( : [0-5]?[0-9] )+ ( \.[0-9_]* )?             # minutes of the old YAML
    | [0-9]{4} - [0-9]{1,2} - [0-9]{1,2} ( t | [ ] ) .*                # an instant
    """
)


def route_from_yaml(text: str) -> Route:
    """The route that a YAML text says, equal to that of the same JSON.

    Raises:
        MalformedInput: `yaml...` with line and column, if the text is no YAML or could mean two things.
        ExceptionGroup: every mistake in the route, as `route_from` names them.
        PluginFailure: `yaml.missing`, without the extra `yaml`.

    """
    return route_from(read_yaml(text))


def yaml_definition(text: str) -> str:
    """The canonical JSON of a YAML text: `PublishRoute(definition=yaml_definition(text))`.

    Mistakes in the route are then reasons of the command; errors of YAML are raised as by `route_from_yaml`.
    """
    return canonical(read_yaml(text))


def read_yaml(text: str) -> Any:
    """Plain data: dictionaries with texts as keys, lists, texts, whole numbers, truths and null."""
    if type(text) is not str or len(text) > LONGEST:
        message = f"a text of at most {LONGEST} characters is wanted"
        raise MalformedInput("yaml.text", message, value=str(text)[:100])
    reader = _Reader()
    for event in _events(text):
        reader.take(event)
    return reader.document


def _events(text: str) -> Iterable[Any]:
    try:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError
    except ImportError as error:
        message = 'YAML is read with the extra "yaml": pip install "pharmacrm[yaml]"'
        raise PluginFailure(message, "yaml.missing") from error
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MarkedYAMLError as error:
        raise _wrong("format", "this is no YAML", error.problem_mark, error.problem or "") from None
    except YAMLError:
        raise _wrong("format", "a character that no text has", None, "") from None


@define
class _Open:
    """A list or an object that is being read, and the key whose value comes next."""

    made: Any
    key: str | None = None


@define
class _Reader:
    """What the events of a parser have made so far; no call within a call, however deep a text is."""

    document: Any = None
    documents: int = 0
    open: list[_Open] = field(factory=list)

    def take(self, event: Any) -> None:
        kind = type(event).__name__
        if kind == "DocumentStartEvent":
            self.documents += 1
            if self.documents > 1 or event.tags or event.version:
                raise _wrong("document", "one document without directives is wanted", event.start_mark, "---")
        elif kind == "AliasEvent" or getattr(event, "anchor", None):
            raise _wrong("anchor", "anchors and aliases are not read", event.start_mark, event.anchor)
        elif getattr(event, "tag", None):
            raise _wrong("tag", "tags are not read", event.start_mark, str(event.tag))
        elif kind == "ScalarEvent":
            self.add(event, _plain(event) if event.style is None else event.value)
        elif kind in {"MappingStartEvent", "SequenceStartEvent"}:
            self.begin(event, {} if kind.startswith("Mapping") else [])
        elif kind in {"MappingEndEvent", "SequenceEndEvent"}:
            self.open.pop()

    def begin(self, event: Any, made: Any) -> None:
        self.add(event, made)
        if len(self.open) >= DEEPEST:
            raise _wrong("depth", f"at most {DEEPEST} levels are read", event.start_mark, "")
        self.open.append(_Open(made))

    def add(self, event: Any, value: Any) -> None:
        if not self.open:
            self.document = value
            return
        within = self.open[-1]
        if type(within.made) is list:
            within.made.append(value)
        elif within.key is None:
            within.key = _key(event, value, within.made)
        else:
            within.made[within.key] = value
            within.key = None


def _key(event: Any, value: Any, known: dict[str, Any]) -> str:
    if type(value) is not str:
        raise _wrong("key", "a name is a text: quote it", event.start_mark, str(value))
    if value in known:
        raise _wrong("twice", "the name stands twice", event.start_mark, value)
    return value


def _plain(event: Any) -> Any:
    """What an unquoted word is: the same for every reader, or an error."""
    word = str(event.value)
    if word in _TRUTHS:
        return _TRUTHS[word]
    if word == "null":
        return None
    if _WHOLE.fullmatch(word):
        return int(word)
    if not _DATE.fullmatch(word) and _TWO_MEANINGS.fullmatch(word):
        raise _wrong("ambiguous", "quote it, or write it plainly", event.start_mark, word)
    return word


def _wrong(code: str, message: str, mark: Any, value: str) -> MalformedInput:
    where = f"line {mark.line + 1}, column {mark.column + 1}" if mark is not None else ""
    return MalformedInput(f"yaml.{code}", message, field=where, value=value)
