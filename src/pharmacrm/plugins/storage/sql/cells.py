"""What the databases disagree about: the types of texts and instants, and how instants are written.

SQLite keeps dates as texts. MariaDB's DATETIME knows no zone, so UTC goes in and comes out bare; its TEXT
ends at 64 KB, its VARCHAR columns share 64 KB a row, and its keys hold 3072 bytes.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, String, Text
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

from pharmacrm.core.kernel.codec import instant_text

COLLATION = {"postgresql": "C", "mariadb": "utf8mb4_nopad_bin"}
"""The collation of every text column, so that text compares bytewise; SQLite does so by itself."""

LONG = 4000
"""The longest text in characters that is no long text."""

KEYED = 400
"""Characters of a text in MariaDB's index, beside tenant and id: 4 bytes each, 3072 in all."""

OPTIONS = {"engine": "InnoDB", "charset": "utf8mb4", "collate": COLLATION["mariadb"]}
TABLE_OPTIONS: dict[str, Any] = {
    f"{name}_{option}": value for name in ("mariadb", "mysql") for option, value in OPTIONS.items()
}
"""What SQLAlchemy adds to CREATE TABLE on MariaDB, under either name of the dialect."""


def text_type(dialect: str, length: int) -> TypeEngine[str]:
    """The type of a text column of at most so many characters."""
    collation = COLLATION.get(dialect)
    if length <= LONG:
        return String(length, collation)
    return mysql.LONGTEXT(collation=collation) if dialect == "mariadb" else Text(collation=collation)


def value_type(dialect: str) -> TypeEngine[str]:
    """The type of a nested value's JSON text."""
    return text_type(dialect, LONG + 1) if dialect == "mariadb" else Text()


def instant_type(dialect: str) -> TypeEngine[datetime]:
    """The type of an instant to the microsecond."""
    return mysql.DATETIME(fsp=6) if dialect == "mariadb" else DateTime(timezone=True)


def instant_out(dialect: str) -> Callable[[datetime], Any]:
    """How an aware instant is written."""
    return {"sqlite": instant_text, "mariadb": _bare}.get(dialect, _same)


def instant_in(cell: Any) -> datetime:
    """An aware instant in UTC from whatever the driver gives."""
    moment: datetime = datetime.fromisoformat(cell) if isinstance(cell, str) else cell
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _bare(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _same(moment: datetime) -> datetime:
    return moment
