"""Plugins in worker processes of their own: what hangs or dies there is ended, and the host goes on."""

from pharmacrm.plugins.isolation.isolated import Isolated

__all__ = ["Isolated"]
