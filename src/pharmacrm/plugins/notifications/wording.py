"""What a notice says as a letter, and for whom it is: the texts that come with pharmacrm, in two languages.

A notice carries ids and names of roles, never personal data, and so does its letter: whoever reads it looks
the order up where they may.
"""

from collections.abc import Mapping
from string import Template
from typing import Any, Final

from attrs import frozen


@frozen
class MailText:
    """A subject of one line, and plain text."""

    subject: str
    text: str


@frozen
class Wording:
    """The letter of one topic. `to` names roles; one that begins with `$` is a field of the notice."""

    to: tuple[str, ...]
    en: MailText
    zh: MailText


WORDINGS: Final[Mapping[str, Wording]] = {
    "ApprovalAsked": Wording(
        ("$role", "$person"),
        MailText(
            "$subject waits for a decision: $stage",
            "$subject has come to the stage $stage.\nIt waits for $whom; $requester asked for it.",
        ),
        MailText(
            "$subject 待审批：$stage",
            "$subject 已到环节 $stage，等待${whom_zh}处理，\n申请人 $requester。",
        ),
    ),
    "ApprovalGranted": Wording(
        ("$requester",),
        MailText("$subject is approved", "The last stage of $subject was passed."),
        MailText("$subject 已批准", "$subject 的最后一个环节已通过。"),
    ),
    "ApprovalRejected": Wording(
        ("$requester",),
        MailText("$subject was rejected: $stage", "$actor rejected $subject at the stage $stage."),
        MailText("$subject 被驳回：$stage", "$actor 在环节 $stage 驳回了 $subject。"),
    ),
    "OrderReleased": Wording(
        ("warehouse",),
        MailText("Order $subject may be shipped", "Order $subject of customer $buyer is released."),
        MailText("订单 $subject 可以发货", "客户 $buyer 的订单 $subject 已放行。"),
    ),
    "HoldPlaced": Wording(
        ("$role",),
        MailText("$subject is on hold: $code", "$subject is on hold for $code.\nThe role $role may pass it."),
        MailText("$subject 已暂挂：$code", "$subject 因 $code 暂挂，须由角色 $role 放行。"),
    ),
    "ReservationExpired": Wording(
        ("finance",),
        MailText(
            "Credit of order $subject has lapsed",
            "Order $subject of customer $customer held its credit too long.\n"
            "It ships nothing until its hold is passed.",
        ),
        MailText(
            "订单 $subject 的信用占用已失效",
            "客户 $customer 的订单 $subject 占用信用超期，\n解除暂挂前不得发货。",
        ),
    ),
    "DunningLetterSent": Wording(
        ("finance",),
        MailText(
            "Dunning letter $subject: level $level",
            "Customer $customer gets a dunning letter of level $level.\n"
            "It asks for $open, and claims $claimed of fee and interest.",
        ),
        MailText(
            "催款函 $subject：第 $level 级",
            "客户 $customer 的第 $level 级催款函已生成，\n催收欠款 $open，另计费用及利息 $claimed。",
        ),
    ),
    "LotHeld": Wording(
        ("quality", "warehouse"),
        MailText("Lot $subject must not be shipped", "Lot $subject of product $product is held."),
        MailText("批号 $subject 禁止发货", "商品 $product 的批号 $subject 已锁定。"),
    ),
}
"""The topics of which people are told by default."""

OTHER: Final = Wording(
    (), MailText("$topic: $subject", "$topic\n$subject"), MailText("$topic：$subject", "$topic\n$subject")
)
"""The letter of a topic that has none of its own; whom it is for, only the host can say."""


def worded(topic: str, subject: str, payload: Mapping[str, Any], language: str) -> MailText:
    """The letter of a notice; values stand as they are, and are no templates themselves."""
    wording = WORDINGS.get(topic, OTHER)
    letter = wording.zh if language.startswith("zh") else wording.en
    values = {**payload, **_whom(payload), "topic": topic, "subject": subject}
    return MailText(*(Template(text).safe_substitute(values) for text in (letter.subject, letter.text)))


def _whom(payload: Mapping[str, Any]) -> dict[str, str]:
    """Who is to decide: a role, or a person, perhaps in the name of another."""
    role, person, other = (str(payload.get(name) or "") for name in ("role", "person", "acting_for"))
    if role or not person:
        return {"whom": f"the role {role}", "whom_zh": f"角色 {role} "}
    own = {"whom": person, "whom_zh": f" {person} "}
    return {"whom": f"{person} for {other}", "whom_zh": f" {person}（代 {other}）"} if other else own


def addressees(topic: str, payload: Mapping[str, Any]) -> tuple[str, ...]:
    """The roles and people that a notice is for."""
    names = (
        str(payload.get(name[1:]) or "") if name.startswith("$") else name
        for name in WORDINGS.get(topic, OTHER).to
    )
    return tuple(name for name in names if name)
