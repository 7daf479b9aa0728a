"""The exceptions of pharmacrm: one tree, a stable code and a docs anchor each.

    PharmaCRMError
    ├── MalformedInput     the value cannot be read at all (also a ValueError)
    ├── NotFound           the thing does not exist for this tenant (also a LookupError)
    ├── Conflict           somebody else was faster; `retry` says what to do again
    ├── NotPermitted       the actor lacks the right
    ├── Refused            only from `Decision.expect()`: the caller asked for an exception
    └── Infrastructure
        ├── StoreFailure     the database cannot be reached, is full, read-only or locked
        ├── SchemaChanged    a table differs from the records it should hold
        ├── NotInstalled     the tenant has not been installed in this store
        ├── UnsavedChanges   a staged unit of work cannot answer this from memory
        └── PluginFailure    a plugin that was asked for by name cannot be used

A business "no" is never an exception: it is a `Decision` with reasons.
"""

from typing import Literal

SHOWN = 60
"""Characters of an offending value that a message shows."""

DOCS = "reference/errors.md"


def _ascii_or_chinese(value: object) -> str:
    return "".join(
        each if each.isascii() or "\u4e00" <= each <= "\u9fff" else ascii(each)[1:-1] for each in repr(value)
    )


def shown(value: object, *, chinese: bool = False) -> str:
    """A value as safe ASCII text: escaped, at most 60 characters, never failing.

    With `chinese` its Chinese characters stay as they are.
    """
    try:
        if isinstance(value, (str, bytes, bytearray)) and len(value) > SHOWN:
            value = value[:SHOWN]
        elif isinstance(value, int) and abs(value) > 10**SHOWN:
            return f"an integer of {value.bit_length()} bits"
        text = _ascii_or_chinese(value) if chinese else ascii(value)
    except Exception:  # noqa: BLE001 - a hostile __repr__ must not replace the error being reported
        return f"<{type(value).__name__}>"
    return text if len(text) <= SHOWN else text[: SHOWN - 3] + "..."


class PharmaCRMError(Exception):
    """Every error that pharmacrm raises on purpose."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    @property
    def docs(self) -> str:
        """Where the manual explains this error, relative to the root of the documentation."""
        return f"{DOCS}#{self.code.replace('.', '-')}"

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class MalformedInput(PharmaCRMError, ValueError):
    """A value that cannot be read: its field (a path such as `lines[2].price`) and the value are named."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        field: str = "",
        value: object = None,
        masked: bool = False,
        chinese: bool = False,
    ) -> None:
        super().__init__(code, message)
        self.field = field
        self.value = "<personal>" if masked else shown(value, chinese=chinese)

    def inside(self, field: str, *, masked: bool = False) -> "MalformedInput":
        """The same error, seen from the structure that holds the field."""
        if self.field.startswith("["):
            path = field + self.field
        else:
            path = f"{field}.{self.field}" if self.field else field
        outer = MalformedInput(self.code, self.message, field=path, masked=masked)
        if not masked:
            outer.value = self.value
        return outer

    def __str__(self) -> str:
        where = f" in {self.field}" if self.field else ""
        return f"{self.code}{where}: {self.message} (got {self.value})"


class NotFound(PharmaCRMError, LookupError):
    """The thing does not exist for this tenant; another tenant's things look exactly like missing ones.

    `field` is the field of the command or question that names it (`lines[0].order`), if one does.
    """

    def __init__(self, kind: str, id: str, *, field: str = "") -> None:
        super().__init__("not_found", f"there is no {kind} {shown(id)}")
        self.kind = kind
        self.id = id
        self.field = field

    def __str__(self) -> str:
        where = f" in {self.field}" if self.field else ""
        return f"{self.code}{where}: {self.message}"


class Conflict(PharmaCRMError):
    """Somebody else was faster.

    `retry` is `command` when doing the command again is enough, and `transaction` when the transaction is
    lost and the host has to begin it again.
    """

    def __init__(self, message: str, *, retry: Literal["command", "transaction"] = "command") -> None:
        super().__init__("version.conflict", message)
        self.retry = retry


class NotPermitted(PharmaCRMError):
    """The actor lacks a right; the right is named, nothing about the data is."""

    def __init__(self, actor: str, right: str, code: str = "right.missing") -> None:
        super().__init__(code, f"actor {shown(actor)} lacks the right {right}")
        self.actor = actor
        self.right = right


class Refused(PharmaCRMError):
    """The answer was no, and `Decision.expect()` makes it an exception, with the code of the first reason."""

    @property
    def docs(self) -> str:
        """Where the manual explains the first reason."""
        return f"reference/reasons.md#{self.code.replace('.', '-')}"


class Infrastructure(PharmaCRMError):
    """Something around the rules is not as it should be."""


class StoreFailure(Infrastructure):
    """The database is out of reach, full, read-only or locked; nothing is stored unless `unknown` is true."""

    def __init__(self, message: str, code: str = "store.unavailable", *, unknown: bool = False) -> None:
        super().__init__(code, message)
        self.unknown = unknown


MISSING = "schema.missing"
"""The code of a `SchemaChanged` whose table is not there at all."""


class SchemaChanged(Infrastructure):
    """A table in the database differs from the record it should hold; the difference is named."""

    def __init__(self, message: str, code: str = "schema.changed") -> None:
        super().__init__(code, message)


class NotInstalled(Infrastructure):
    """The tenant has not been installed in this store."""

    def __init__(self, tenant: str) -> None:
        super().__init__(
            "tenant.not_installed", f"tenant {shown(tenant)} is not installed: call install() first"
        )


class UnsavedChanges(Infrastructure):
    """A staged unit of work cannot answer this question from memory; leave the block first."""

    def __init__(self, message: str) -> None:
        super().__init__("work.unsaved_changes", message)


class PluginFailure(Infrastructure):
    """A plugin that was asked for by name cannot be used."""

    def __init__(self, message: str, code: str = "plugin.failure") -> None:
        super().__init__(code, message)
