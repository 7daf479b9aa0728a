"""Refusals and denials: one row in the journal, nothing else; and the question that finds them again."""

from typing import Any

import pytest

from pharmacrm.core.flows.refusals import WhyRefused
from pharmacrm.core.flows.release import ApproveOrder
from pharmacrm.core.kernel.errors import MalformedInput, NotFound, NotPermitted, Refused
from pharmacrm.core.kernel.journal import Verb, row_hash
from pharmacrm.core.orders import Line
from pharmacrm.core.people import RegisterUnit
from pharmacrm.crm import PharmaCRM
from tests.bad_inputs.examples import EXAMPLES
from tests.flows.house import (
    ADMIN,
    ASSISTANT,
    DISPATCHER,
    FINANCE,
    SALES,
    WAREHOUSE,
    blocked,
    dump,
    journal,
    placed,
    records,
    slip,
    worth,
)


@pytest.fixture
def several() -> list[tuple[Any, str]]:
    return [
        (worth("SO-2", 100, consignee="", phone=""), SALES),
        (ApproveOrder(order="SO-1"), DISPATCHER),
        (slip("SO-1", "OUT-1", 1), WAREHOUSE),
    ]


def test_a_refusal_changes_nothing_and_leaves_one_row(crm: PharmaCRM, several: list[tuple[Any, str]]) -> None:
    placed(crm)
    before, entries = records(crm), len(journal(crm))
    for number, (command, actor) in enumerate(several, 1):
        answer = crm.do(command, actor=actor, key=f"k{number}")
        assert answer.outcome == "refused"
        assert records(crm) == before
        written = journal(crm)[entries + number - 1 :]
        assert len(written) == 1
        entry = written[0]
        assert entry.id == answer.id
        assert (entry.verb, entry.command) == (Verb.REFUSED, type(command).__name__)
        assert (entry.actor, entry.subject, entry.key) == (actor, command.subject, f"k{number}")
        assert [reason["code"] for reason in entry.why()] == list(answer.codes)
        assert (entry.changes, entry.personal, entry.kind, entry.version) == ("{}", (), "", 0)
        assert entry.hash == row_hash(crm.tenant, entry)


def test_all_reasons_are_collected_and_ordered(crm: PharmaCRM) -> None:
    lines = (Line("XXX", 1, "1"), Line("YYY", 1, "1"), Line("ATO-20", 1, "1.20"))
    answer = crm.do(worth("SO-1", 0, lines=lines, consignee="", address=None), actor=SALES)
    assert answer.codes == (
        "address.missing",
        "consignee.missing",
        "price.unknown",
        "price.unknown",
        "product.unknown",
        "product.unknown",
        "price.off_list",
    )
    assert list(answer.reasons) == sorted(answer.reasons, key=lambda reason: reason.order)
    assert "REFUSED" in answer.explain()
    assert "收货人" in answer.explain("zh-CN")
    with pytest.raises(Refused, match=r"address\.missing"):
        answer.expect()


def test_a_denial_leaves_one_row_without_reasons(crm: PharmaCRM) -> None:
    before, entries = records(crm), len(journal(crm))
    with pytest.raises(NotPermitted, match="RegisterUnit"):
        crm.do(RegisterUnit(id="u", name="部门"), actor=SALES, key="k")
    assert records(crm) == before
    written = journal(crm)[entries:]
    assert [(entry.verb, entry.command, entry.actor, entry.subject, entry.key) for entry in written] == [
        (Verb.DENIED, "RegisterUnit", SALES, "u", "k")
    ]
    assert written[0].why() == []


@pytest.mark.parametrize("broken", ["not a command", None, 5, EXAMPLES["Inbox"], RegisterUnit])
def test_what_is_no_command_is_malformed_and_leaves_no_row(broken: Any, crm: PharmaCRM) -> None:
    before = dump(crm)
    with pytest.raises(MalformedInput) as caught:
        crm.do(broken, actor=ADMIN)
    assert (caught.value.code, caught.value.field) == ("command.type", "command")
    with pytest.raises(MalformedInput) as asked:
        crm.ask(EXAMPLES["CancelOrder"] if broken is EXAMPLES["Inbox"] else broken, actor=ADMIN)
    assert (asked.value.code, asked.value.field) == ("question.type", "question")
    assert dump(crm) == before


def test_what_is_not_there_leaves_no_row(crm: PharmaCRM) -> None:
    before = dump(crm)
    for command, actor, field, name in (
        (worth("SO-1", 5, buyer="H-9"), SALES, "buyer", "H-9"),
        (ApproveOrder(order="SO-9"), ASSISTANT, "order", "SO-9"),
        (EXAMPLES["AllocateReceipt"], FINANCE, "receipt", "R-1"),
    ):
        with pytest.raises(NotFound) as caught:
            crm.do(command, actor=actor)
        assert (caught.value.field, caught.value.id) == (field, name)
        assert str(caught.value).startswith(f"not_found in {field}: there is no ")
    assert dump(crm) == before


def test_why_refused_by_key_by_subject_and_by_answer(crm: PharmaCRM) -> None:
    placed(crm)
    answer = crm.do(ApproveOrder(order="SO-1"), actor=DISPATCHER, key="tap-1")
    with pytest.raises(NotPermitted):
        crm.do(ApproveOrder(order="SO-1"), actor=SALES)
    for question in (WhyRefused(key="tap-1"), WhyRefused(answer=answer.id)):
        found = crm.ask(question, actor=SALES)
        assert [each.reasons for each in found] == [answer.reasons]
        assert (found[0].id, found[0].actor, found[0].subject) == (answer.id, DISPATCHER, "SO-1")
        first = answer.reasons[0]
        assert found[0].explain("zh-CN").splitlines()[0] == f"阻断 {first.code}: {first.message_zh}"
        assert answer.explain("fr") == f"REFUSED\n{found[0].explain('fr')}" == answer.explain()
    newest, older = crm.ask(WhyRefused(subject="SO-1"), actor=SALES)
    assert (newest.denied, newest.actor, older.denied) == (True, SALES, False)
    assert "ApproveOrder" in newest.explain()
    assert crm.ask(WhyRefused(subject="SO-9"), actor=SALES) == ()
    with pytest.raises(NotFound):
        crm.ask(WhyRefused(answer="nothing"), actor=SALES)
    with pytest.raises(MalformedInput, match=r"question\.empty"):
        WhyRefused()


def test_an_answer_that_was_no_refusal_is_not_found(crm: PharmaCRM) -> None:
    answer = crm.do(worth("SO-1", 100), actor=SALES)
    assert answer.id
    with pytest.raises(NotFound):
        crm.ask(WhyRefused(answer=answer.id), actor=SALES)


def test_refusals_hold_no_personal_values(crm: PharmaCRM) -> None:
    secret = "赵秘密"
    crm.do(worth("SO-1", 5, consignee=secret, phone="13900000000", ship_on="2020-01-01"), actor=SALES)
    assert blocked(crm.do(worth("SO-1", 5, consignee=secret, lines=()), actor=SALES))
    text = repr(journal(crm)[-2:])
    assert secret not in text
    assert "13900000000" not in text


def test_an_unexpected_failure_of_a_guard_never_lets_a_command_pass(crm: PharmaCRM) -> None:
    before = dump(crm)
    with pytest.raises(MalformedInput):
        crm.do(worth("SO-1", 5), actor=SALES, effective_at="tomorrow")
    assert dump(crm) == before
