"""What credit makes of an exchange rate that is old, or that nobody recorded (汇率时效)."""

from typing import Final

from attrs import frozen

from pharmacrm.core.credit.outcome import CreditOutcome, weighed
from pharmacrm.core.credit.reasons import RATE_MISSING, RATE_STALE
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.strict import strict
from pharmacrm.core.kernel.words import Words
from pharmacrm.core.values.exchange import Exchange

OLDEST: Final = 3660


@frozen(kw_only=True, field_transformer=strict)
class RatePolicy:
    """A rate is stale when it is more than `max_age` days old; `stale` and `missing` say what then.

    An amount without a rate that goes on all the same counts for nothing until it is revalued.
    """

    max_age: int
    stale: CreditOutcome = CreditOutcome.HOLD
    missing: CreditOutcome = CreditOutcome.HOLD

    def __attrs_post_init__(self) -> None:
        """Refuse an age that means nothing: `rate_policy.age`."""
        if not 0 <= self.max_age <= OLDEST:
            message = f"a rate may be 0 to {OLDEST} days old"
            raise MalformedInput("rate_policy.age", message, field="max_age", value=self.max_age)


DEFAULT_RATES: Final = RatePolicy(max_age=31)


def check_rate(exchange: Exchange, policy: RatePolicy, *, subject: str) -> tuple[Reason, ...]:
    """Say that there is no rate, or that it is too old, each with the outcome of the policy."""
    if exchange.age is None:
        reason = RATE_MISSING(subject, field="rate", observed=exchange.pair, expected=exchange.on)
        return weighed(reason, policy.missing)
    if exchange.age <= policy.max_age:
        return ()
    observed = Words(exchange.explain(), exchange.explain("zh-CN"))
    borne = Words(f"{policy.max_age} days", f"{policy.max_age} 天")
    return weighed(RATE_STALE(subject, field="rate", observed=observed, expected=borne), policy.stale)
