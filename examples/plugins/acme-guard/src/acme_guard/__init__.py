"""A guard as a package of its own: no order is placed on a Sunday."""

from pharmacrm import CheckContext, PlaceOrder, Reason, Severity, hookimpl

SUNDAY = 7


class NoSundays:
    """Refuses orders whose business date is a Sunday."""

    PHARMACRM_API = (1, 0)

    @hookimpl
    def pharmacrm_check(self, context: CheckContext) -> list[Reason] | None:
        """Look at orders alone; the business date is in the context."""
        if not isinstance(context.command, PlaceOrder) or context.on.isoweekday() != SUNDAY:
            return None
        return [
            Reason(
                code="acme.sunday",
                severity=Severity.BLOCK,
                subject=context.command.id,
                message=f"{context.on} is a sunday",
                message_zh=f"{context.on} 是星期日",
                remedy="order on another day",
            )
        ]
