"""Anchors: where the journal's seals are kept outside the database."""

from pharmacrm.plugins.anchors.file import AnchorFile

__all__ = ["AnchorFile"]
