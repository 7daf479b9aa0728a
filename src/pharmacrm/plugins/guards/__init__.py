"""Guards: plugins that look at a command before anything is written."""

from pharmacrm.plugins.guards.stocktaking import Stocktaking

__all__ = ["Stocktaking"]
