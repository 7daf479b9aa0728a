"""Imported by the server from which drivers fork their processes: it loads what they need, once."""

import psycopg  # noqa: F401 - loaded here, so that no process has to
import sqlalchemy.dialects.postgresql.psycopg
import sqlalchemy.dialects.sqlite.pysqlite  # noqa: F401 - as psycopg

from pharmacrm.crm import connect
from pharmacrm.testing.company import an_order, found_company, release
from pharmacrm.testing.targets import database


def _used() -> None:
    """One order goes through, so that every module is loaded and every codec made."""
    with database("sqlite") as url:
        crm = connect(url)
        found_company(crm)
        crm.do(an_order("SO-1"), actor="zhang.san", key="web-1").expect()
        release(crm, "SO-1")
        crm.close()


_used()
