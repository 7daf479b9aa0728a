"""China: medical representatives (医药代表), as of 21 November 2026. Not legal advice.

Sources are those of rules.md section 3. Of the measures of 2026 the text is not confirmed, so that R-11 has
no first day: it is in force on every day.
"""

from typing import Final

from pharmacrm.core.engines.policy.model import PolicyPack, PolicyRule

MEDREP: Final = "medrep"
"""The role of a filed medical representative (备案医药代表), whatever other roles the person holds."""

RULES: Final = (
    PolicyRule(
        id="R-11",
        codes=("medrep.no_sales_task",),
        source="measures on the filing of medical representatives (2020); State Council opinion (2017)",
        verified_by="secondary text",
        needs_confirmation=True,
    ),
)

CN_MEDREP: Final = PolicyPack(id="cn_medrep", version="2026.1", rules=RULES)
