"""The page of the policy pack: the rules of law with their dates, and the codes of scopes and classes."""

from collections.abc import Iterable
from datetime import date

from pharmacrm.core.engines.policy import CN_GSP, CN_MEDREP, PolicyRule
from pharmacrm.core.engines.policy.tables import Permit, Permits
from pharmacrm.core.values.licence_kinds import LicenceKind
from pharmacrm.core.values.trade import CustomerKind, SpecialControl
from scripts.reference.words import table

POLICY = """# The law as data

The pack `{name}` holds what the checks look up: rules of law with their dates, and tables. It is not legal
advice. A rule marked *to be confirmed* was not checked against the text of the law in every point; a date
that is not confirmed is left open, so that the rule is in force on every day. Codes of this page are what
commands want: `category` of [RegisterProduct](commands.md#registerproduct), `scope` and `kind` of
[RegisterLicence](commands.md#registerlicence).
"""


def policy() -> str:
    """The page of the policy pack."""
    tables = CN_GSP.tables
    lines = [POLICY.format(name=CN_GSP.name), "## Rules"]
    heads = ("rule", "source", "in force", "stands on", "gives")
    lines += table(heads, map(_rule, CN_GSP.rules))
    lines += ["## Medical representatives (医药代表)", f"The pack `{CN_MEDREP.name}`.", ""]
    lines += table(heads, map(_rule, CN_MEDREP.rules))
    lines += ["## Papers on file (首营资料)", "What a customer's dossier has to hold.", ""]
    papers = (
        (f"{kind.zh} `{kind.value}`", "; ".join(map(_either, needs))) for kind, needs in tables.papers.items()
    )
    lines += table(("customer", "papers"), papers)
    lines += ["## Categories of goods (经营类别)", "Who may buy what, under which licence and scope.", ""]
    rows = (
        (f"`{each.code}`", each.zh, "<br>".join(_buyers(each.permits))) for each in tables.categories.values()
    )
    lines += table(("category", "中文", "who, with what"), rows)
    lines += [
        "## Scopes of licences (经营范围)",
        *table(("scope", "中文"), _coded(tables.scope_names.items())),
    ]
    lines += ["## Kinds of licences and papers (证照)"]
    lines += table(("kind", "中文"), _coded((each.value, each.zh) for each in LicenceKind))
    lines += [
        "## Special control (特殊管理药品)",
        *table(("control", "中文", "rules"), map(_control, SpecialControl)),
    ]
    lines += ["## Kinds of customers (客户类别)"]
    lines += table(("kind", "中文"), _coded((each.value, each.zh) for each in CustomerKind))
    return "\n".join(lines)


def _rule(rule: PolicyRule) -> tuple[str, ...]:
    source = f"{rule.source}, {rule.article}" if rule.article else rule.source
    codes = ", ".join(f"`{code}`" for code in rule.codes)
    basis = f"{rule.verified_by}; to be confirmed" if rule.needs_confirmation else rule.verified_by
    return rule.id, source, _days(rule.effective_from, rule.effective_to), basis, codes


def _days(first: date | None, last: date | None) -> str:
    if first is None and last is None:
        return "open"
    return f"{first or ''} to {last}" if last else f"from {first}"


def _either(kinds: Iterable[LicenceKind]) -> str:
    return " or ".join(f"`{kind.value}`" for kind in kinds)


def _buyers(permits: Permits) -> Iterable[str]:
    """Who may buy, and with what; buyers with the same ways share a line."""
    same: dict[str, list[str]] = {}
    for kind, ways in permits.items():
        same.setdefault(_ways(ways), []).append(kind.zh)
    return (f"{', '.join(kinds)}: {way}" for way, kinds in same.items())


def _ways(permits: Iterable[Permit]) -> str:
    return " or ".join(_way(permit) for permit in permits)


def _way(permit: Permit) -> str:
    scopes = f" with {' or '.join(f'`{scope}`' for scope in permit.scopes)}" if permit.scopes else ""
    return f"`{permit.kind.value}`{scopes}" + (" and the prescription class" if permit.by_class else "")


def _coded(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(f"`{code}`", zh) for code, zh in pairs]


def _control(control: SpecialControl) -> tuple[str, str, str]:
    tables = CN_GSP.tables
    rules = [
        "not handled by this release" if control in tables.out_of_scope else "",
        "never paid in cash" if control in tables.no_cash else "",
        "never sold online" if control in tables.never_online else "",
        f"at most {tables.retail_packs[control]} smallest packs in retail"
        if control in tables.retail_packs
        else "",
        "" if control is SpecialControl.NONE else "arrival is confirmed",
    ]
    return f"`{control.value}`", control.zh, "; ".join(rule for rule in rules if rule)
