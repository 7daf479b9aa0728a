"""A witness inside the database: triggers that write down what no commit may ever do to a credit account.

A trigger sees the row as it is stored, under the lock of its transaction, with the limit that is in force in
that very row; what is rolled back leaves no word. So it needs no clock, no order of commits and none of our
own code to tell that an account rose over its limit.

An account that buys in another currency may rise by settling a debt of one rate with money of another. There,
and in a group of such an account, only what orders reserve may not bring it over.
"""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Connection, NullPool, String, column, create_engine, select, table, text

from pharmacrm.testing.targets import guard

TABLES = ("pharmacrm_credit_line", "pharmacrm_credit_group")
WITNESS = "driver_witness"
COUNTERS = ("reserved", "posted", "paid", "unapplied", "unbilled")


def _exposure(row: str) -> str:
    return f"({row}.reserved + {row}.posted - {row}.paid - {row}.unapplied)"


def _crimes(quote: str, foreign: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What is written down, and when: a rise over the limit, a counter or a part below zero."""
    named = ", ".join(f"'{each}'" for each in foreign)
    own = f"(NEW.id NOT IN ({named}) OR NEW.reserved > OLD.reserved)"
    limit = f"NEW.{quote}limit{quote}"
    risen = f"{_exposure('NEW')} > {_exposure('OLD')} AND {_exposure('NEW')} > {limit}"
    yield "over its limit", f"{risen} AND NOT NEW.unlimited AND {own}"
    yield "a counter below zero", " OR ".join(f"NEW.{name} < 0" for name in COUNTERS)
    yield "receivable below zero", "NEW.posted - NEW.paid - NEW.unbilled < 0"


def _statements(kind: str, of: str, foreign: tuple[str, ...]) -> Iterator[str]:
    if kind == "sqlite":
        for number, (crime, when) in enumerate(_crimes('"', foreign)):
            noted = f"BEGIN {_note(crime)} END"
            yield f"CREATE TRIGGER {of}_w{number} AFTER UPDATE ON {of} WHEN {when} {noted}"
        return
    quote = "`" if kind == "mariadb" else '"'
    body = " ".join(f"IF {when} THEN {_note(crime)} END IF;" for crime, when in _crimes(quote, foreign))
    if kind == "mariadb":
        yield f"CREATE TRIGGER {of}_w AFTER UPDATE ON {of} FOR EACH ROW BEGIN {body} END"
        return
    yield (f"CREATE FUNCTION {of}_w() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NEW; END $$")
    yield f"CREATE TRIGGER {of}_w AFTER UPDATE ON {of} FOR EACH ROW EXECUTE FUNCTION {of}_w()"


def _note(crime: str) -> str:
    return f"INSERT INTO {WITNESS} VALUES ('{crime}', NEW.id);"  # noqa: S608 - the names are our own


def place(kind: str, url: str, foreign: tuple[str, ...]) -> None:
    """Put the witness into a driver's own database; it is told which accounts count other currencies."""
    with _connected(url) as connection:
        connection.execute(text(f"CREATE TABLE {WITNESS} (crime VARCHAR(40), account VARCHAR(200))"))
        for each in TABLES:
            for statement in _statements(kind, each, foreign):
                connection.exec_driver_sql(statement)
        connection.commit()


def testimony(url: str) -> list[str]:
    """What it wrote down, each crime with how often it was seen."""
    seen = select(column("account", String), column("crime", String)).select_from(table(WITNESS))
    with _connected(url) as connection:
        rows: list[tuple[str, str]] = [(account, crime) for account, crime in connection.execute(seen)]
    counted = Counter(f"{account}: {crime}" for account, crime in rows)
    return [f"{crime}, in {times} commits" for crime, times in sorted(counted.items())]


def _connected(url: str) -> Connection:
    return create_engine(guard(url), poolclass=NullPool).connect()
