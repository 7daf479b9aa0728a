"""Tryton's own environment: pinned packages apart from ours, and databases that it makes itself."""

import os
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen
from sqlalchemy import URL

from benchmarks.peer.link import Side

VERSION = "8.2"
PACKAGES = (
    "trytond==8.2.*",
    "trytond_sale_credit_limit==8.2.*",
    "proteus==8.2.*",
    "psycopg[binary,pool]",
)
THEIRS = Path(__file__).with_name("theirs.py")
NAME = "peer"


@frozen
class Environment:
    """Where Tryton is installed."""

    folder: Path

    @classmethod
    def made(cls, folder: Path) -> "Environment":
        """The environment in this folder; installing it the first time takes a minute or two."""
        found = cls(folder)
        if not found.admin.exists():
            venv.create(folder, with_pip=True, clear=True)
            _run(str(found.python), "-m", "pip", "install", "--quiet", *PACKAGES)
        return found

    @property
    def python(self) -> Path:
        """Tryton's Python."""
        return self.folder / "bin" / "python"

    @property
    def admin(self) -> Path:
        """Tryton's command that makes databases."""
        return self.folder / "bin" / "trytond-admin"

    def versions(self) -> str:
        """Tryton's version, as installed."""
        asked = "from importlib.metadata import version; print(version('trytond'))"
        return subprocess.check_output([str(self.python), "-c", asked], text=True).strip()  # noqa: S603


@frozen
class TheirDatabase:
    """One database of Tryton's, with the modules for sales and credit limits."""

    environment: Environment
    name: str
    variables: Mapping[str, str]

    @classmethod
    def in_file(cls, environment: Environment, folder: Path) -> "TheirDatabase":
        """In SQLite, as Tryton opens it."""
        (folder / f"{NAME}.sqlite").touch()
        where = {"TRYTOND_DATABASE_URI": "sqlite://", "TRYTOND_DATABASE__PATH": str(folder)}
        return _activated(cls(environment, NAME, where), folder)

    @classmethod
    def on_server(cls, environment: Environment, url: URL, folder: Path) -> "TheirDatabase":
        """On a PostgreSQL server."""
        server = url.set(drivername="postgresql", database="")
        where = server.render_as_string(hide_password=False)
        return _activated(cls(environment, str(url.database), {"TRYTOND_DATABASE_URI": where}), folder)

    def side(self) -> Side:
        """A process of Tryton that serves this database."""
        command = [str(self.environment.python), "-W", "ignore", str(THEIRS), self.name]
        return Side("Tryton", command, self.variables)


def _activated(database: TheirDatabase, folder: Path) -> TheirDatabase:
    """The database with its tables; this takes Tryton half a minute."""
    password = folder / "password"
    password.write_text("benchmark\n", encoding="utf-8")
    variables = {**database.variables, "TRYTONPASSFILE": str(password)}
    command = [str(database.environment.admin), "-d", database.name, "--email", "nobody@example.com"]
    for more in (["--all"], ["-u", "sale_credit_limit", "--activate-dependencies"]):
        _run(*command, *more, **variables)
    return database


def our_side(url: str) -> Side:
    """A process of ours that serves a database."""
    return Side("pharmacrm", [sys.executable, "-m", "benchmarks.peer.ours", url])


def _run(*command: str, **variables: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own command
        command, env=os.environ | variables, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {(done.stderr or done.stdout)[-2000:]}")
