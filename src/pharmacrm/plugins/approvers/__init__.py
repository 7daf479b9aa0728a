"""Approvers: plugins that say who a word of an approval route is."""

from pharmacrm.plugins.approvers.committees import Committees

__all__ = ["Committees"]
