"""Doors of these tests are closed after each."""

from tests.door.conftest import *  # noqa: F403 - the same house
