"""Ready-made routes (现成审批流程) for documents of the trade, to be published as they are or changed first.

They ask nobody but the roles that every tenant has, and the managers that its staff name, and declare what
the library's documents of their kinds show.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from pharmacrm.core.kernel.codec import canonical
from pharmacrm.core.kernel.errors import MalformedInput

Plain = dict[str, Any]


def _above(amount: str) -> Plain:
    return {"field": "amount", "gt": {"money": amount}}


def _lead(**more: Any) -> Plain:
    """The head of the requester's unit; after a working day of silence their manager may as well."""
    step: Plain = {
        "step": "lead",
        "label_zh": "部门领导审核",
        "by": [{"role": "lead", "scope": "unit"}],
        "escalate_to": [{"manager": 2}],
        "timeout": {"remind": 8, "escalate": 16},
    }
    return step | more


def _finance(**more: Any) -> Plain:
    step: Plain = {"step": "finance", "label_zh": "财务审核", "by": [{"role": "finance"}]}
    return step | {"timeout": {"remind": 8}} | more


_QUOTE: Final[Plain] = {
    "code": "quote_cn",
    "kind": "quote",
    "fields": {
        "below_floor": "truth?",
        "buyer": "text?",
        "customer_kind": "text?",
        "discount": "number?",
        "lines": "text?",
        "other": "text?",
        "terms": "text?",
        "valid_until": "date?",
    },
    "guards": {"valid_until": "finance"},
    "steps": [
        _lead(),
        _finance(
            when={
                "any": [
                    {"field": "below_floor", "eq": True},
                    {"field": "discount", "gt": {"number": "15"}},
                    _above("100000.00 CNY"),
                ]
            }
        ),
    ],
}

_PURCHASE: Final[Plain] = {
    "code": "purchase_order_cn",
    "kind": "purchase_order",
    "fields": {
        "expected_on": "date?",
        "lines": "text?",
        "other": "text?",
        "special": "truth?",
        "supplier": "text?",
        "terms": "text?",
    },
    "guards": {"expected_on": ""},
    "steps": [
        _lead(),
        {
            "parallel": [
                {"step": "quality", "label_zh": "质量审核", "by": [{"role": "quality"}]},
                _finance(),
            ]
        },
        {
            "step": "special",
            "label_zh": "特殊药品复核",
            "by": [{"role": "quality"}],
            "when": {"field": "special", "eq": True},
        },
    ],
}

_CREDIT_LIMIT: Final[Plain] = {
    "code": "credit_limit_cn",
    "kind": "credit_limit",
    "steps": [
        _lead(),
        _finance(
            if_empty="escalate",  # where the one person of finance asks for it, their manager decides
            escalate_to=[{"manager": 1}],
            meaning={
                "en": "the customer's books were looked at, and the limit is affordable",
                "zh": "已查客户往来，额度可行",
            },
        ),
        {
            "step": "management",
            "label_zh": "公司审批",
            "by": [{"manager": 2}],
            "when": _above("500000.00 CNY"),
        },
    ],
}

_CREDIT_OVERRIDE: Final[Plain] = {
    "code": "credit_override_cn",
    "kind": "credit_override",
    "steps": [
        {
            "parallel": [
                {"step": "manager", "label_zh": "主管担责", "by": [{"manager": 1}]},
                _finance(timeout={"remind": 4, "decide": 24, "lapse": "reject"}),
            ]
        },
        {
            "step": "management",
            "label_zh": "公司审批",
            "by": [{"manager": 2}],
            "when": _above("50000.00 CNY"),
        },
    ],
}

READY_ROUTES: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {str(one["code"]): MappingProxyType(one) for one in (_QUOTE, _PURCHASE, _CREDIT_LIMIT, _CREDIT_OVERRIDE)}
)
"""The routes by code, as plain data without a version."""


def ready_route(code: str, *, version: int = 1) -> str:
    """A ready-made route as `PublishRoute` takes it, under the version that comes next.

    Raises:
        MalformedInput: `route.ready`, if there is none of this code.

    """
    if type(code) is not str or code not in READY_ROUTES:
        message = f"one of {', '.join(READY_ROUTES)} is wanted"
        raise MalformedInput("route.ready", message, field="code", value=code)
    return canonical({**READY_ROUTES[code], "version": version})
