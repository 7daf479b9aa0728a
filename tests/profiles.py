"""Hypothesis profiles: how many examples a law gets, chosen by HYPOTHESIS_PROFILE (dev, ci or nightly)."""

import os

from hypothesis import HealthCheck, settings

PURE_EXAMPLES = {"dev": 50, "ci": 300, "nightly": 5_000}
DATABASE_EXAMPLES = {"dev": 15, "ci": 30, "nightly": 500}

profile = os.environ.get("HYPOTHESIS_PROFILE", "dev")
if profile not in PURE_EXAMPLES:
    message = f"HYPOTHESIS_PROFILE is {profile!r}; it must be one of {', '.join(PURE_EXAMPLES)}"
    raise ValueError(message)

# No deadlines: a shared machine is slow now and then, and speed is shown by benchmarks.
# `ci` takes the same examples in every run: a failure means the change, not the dice; `nightly` rolls them.
for name, examples in PURE_EXAMPLES.items():
    settings.register_profile(
        name,
        max_examples=examples,
        deadline=None,
        derandomize=name == "ci",
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile(profile)

database_examples = settings(max_examples=DATABASE_EXAMPLES[profile])
"""Decorator, or `TestCase.settings`, of laws that run on a database: fewer examples than a pure law gets."""
