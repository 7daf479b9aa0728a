"""Term sets (付款条件集): versions with validity dates, and the imports from other systems.

>>> from pharmacrm import from_odoo
>>> line = {"value": "percent", "value_amount": 100, "delay_type": "days_after_end_of_month", "nb_days": 30}
>>> str(from_odoo({"name": "30 days EOM", "line_ids": [line]}).terms)
'end of month + 30'
"""

from pharmacrm.core.values.term_sets.erpnext import from_erpnext
from pharmacrm.core.values.term_sets.imported import ImportedTerms, RefusedTerms, TermSets, read_term_sets
from pharmacrm.core.values.term_sets.oca import from_oca
from pharmacrm.core.values.term_sets.odoo import from_odoo
from pharmacrm.core.values.term_sets.tryton import from_tryton
from pharmacrm.core.values.term_sets.versions import TermSet, TermVersion

__all__ = [
    "ImportedTerms",
    "RefusedTerms",
    "TermSet",
    "TermSets",
    "TermVersion",
    "from_erpnext",
    "from_oca",
    "from_odoo",
    "from_tryton",
    "read_term_sets",
]
