"""Policy packs: the law as dated data, never as constants in code.

from pharmacrm.core.engines.policy import CN_GSP

CN_GSP.weigh(reasons, on)      # drops what was not law on the day, and sets severities
CN_GSP.name                    # cn_gsp@2026.1, recorded with a decision to explain it later
"""

from pharmacrm.core.engines.policy.check import problems
from pharmacrm.core.engines.policy.cn_gsp import CN_GSP
from pharmacrm.core.engines.policy.cn_medrep import CN_MEDREP, MEDREP
from pharmacrm.core.engines.policy.model import PolicyPack, PolicyRule
from pharmacrm.core.engines.policy.reasons import REASONS
from pharmacrm.core.engines.policy.tables import Category, Permit, Tables

__all__ = [
    "CN_GSP",
    "CN_MEDREP",
    "MEDREP",
    "REASONS",
    "Category",
    "Permit",
    "PolicyPack",
    "PolicyRule",
    "Tables",
    "problems",
]
