"""Signers: plugins that confirm the electronic signature of a vote."""

from pharmacrm.plugins.signers.keys import KeySigner

__all__ = ["KeySigner"]
