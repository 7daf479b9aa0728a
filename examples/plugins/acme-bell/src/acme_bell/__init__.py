"""A notifier as a package of its own: a line in the file `ACME_BELL` for every order that was placed."""

import os
from pathlib import Path

from pharmacrm import DeliverContext, Delivered, RetryAfter, hookimpl


class Bell:
    """Rings for placed orders. An entry point takes no arguments, so the place is in the environment."""

    PHARMACRM_API = (1, 0)
    topics = ("OrderSubmitted",)

    @hookimpl
    def pharmacrm_deliver(self, context: DeliverContext) -> Delivered | RetryAfter:
        """Ring once; the id is the same in every attempt, so that whoever reads can drop what comes twice."""
        try:
            with Path(os.environ["ACME_BELL"]).open("a", encoding="utf-8") as file:
                file.write(f"{context.id} {context.subject}\n")
        except OSError:
            return RetryAfter(60, "the file cannot be written")
        return Delivered()
