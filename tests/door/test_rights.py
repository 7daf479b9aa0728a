"""Rights (reliability T21): default deny for every command, question and kind in the registry."""

from typing import Any

import pytest
from attrs import fields

from pharmacrm.core.kernel.errors import MalformedInput, NotFound, NotInstalled, NotPermitted, UnsavedChanges
from pharmacrm.core.kernel.journal import Verb
from pharmacrm.core.kernel.message import Command, Question
from pharmacrm.core.orders import SalesOrder
from pharmacrm.core.people import ROLES, GrantRight, RegisterStaff, RegisterUnit, Staff
from pharmacrm.crm import PharmaCRM
from tests.bad_inputs.examples import EXAMPLES
from tests.covers import covers
from tests.flows.house import ADMIN, BUYER, SALES, dump, journal, open_house, opened, placed

pytestmark = covers("XT-11")

MODEL = open_house().registry
MESSAGES = sorted(MODEL.messages)
KINDS = sorted(MODEL.kinds)


@pytest.fixture(scope="module")
def house() -> PharmaCRM:
    """One person for each role, who holds nothing else, and one who holds none."""
    crm = open_house()
    for role in (*ROLES, ""):
        staff = RegisterStaff(
            id=f"only.{role or 'nothing'}", name="某", unit="east", roles=(role,) if role else ()
        )
        crm.do(staff, actor=ADMIN).expect()
    placed(crm)
    return crm


def holders(right: str) -> set[str]:
    return {role for role, rights in MODEL.rights.items() if right in rights and role != "system"}


def carry_out(crm: PharmaCRM, message: Any, actor: str) -> None:
    """Do or ask; whatever is not a denial is fine here."""
    try:
        if isinstance(message, Command):
            crm.do(message, actor=actor)
        else:
            crm.ask(message, actor=actor)
    except (NotFound, UnsavedChanges):
        pass


@pytest.mark.parametrize("name", MESSAGES)
def test_every_command_and_question_is_denied_to_all_but_its_roles(house: PharmaCRM, name: str) -> None:
    message = EXAMPLES[name]
    for role in (*ROLES, "nothing"):
        actor = f"only.{role}"
        if role in holders(name):
            carry_out(house, message, actor)
            continue
        before = len(journal(house))
        with pytest.raises(NotPermitted) as caught:
            carry_out(house, message, actor)
        assert (caught.value.actor, caught.value.right, caught.value.code) == (actor, name, "right.missing")
        written = journal(house)[before:]
        wanted = [Verb.DENIED] if isinstance(message, Command) else []
        assert [entry.verb for entry in written] == wanted
        assert all(entry.command == name and entry.changes == "{}" for entry in written)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_hidden_from_all_but_its_roles(house: PharmaCRM, name: str) -> None:
    kind = MODEL.kinds[name]
    for role in (*ROLES, "nothing"):
        actor = f"only.{role}"
        if role in holders(kind.__name__):
            house.find(kind, actor=actor)
            continue
        for read in (lambda: house.find(kind, actor=actor), lambda: house.get(kind, "x", actor=actor)):  # noqa: B023
            with pytest.raises(NotPermitted) as caught:
                read()
            assert caught.value.right == kind.__name__


def test_nobody_but_the_system_holds_the_commands_of_timed_work() -> None:
    timed = MODEL.rights["system"]
    assert timed == {
        "ExpireQuote",
        "ExpireReservation",
        "FlagOverdueTask",
        "MarkDunning",
        "MarkReminders",
        "RecordPull",
        "RefreshCreditLimit",
        "RefreshGroupLimit",
        "RingApproval",
        "SendActivityReminder",
        "SendDunningLetter",
        "SendReminder",
        "SetItemAside",
        "SettleItem",
    }
    assert not any(holders(right) for right in timed)


def test_no_command_carries_who_when_or_for_whom() -> None:
    """ids-083: what the door stamps is no field of any command."""
    stamped = {
        "actor",
        "roles",
        "tenant",
        "recorded_at",
        "at",
        "version",
        "hash",
        "created_at",
        "effective_at",
    }
    exempt = {"RegisterStaff": {"roles"}, "SetActivityReminder": {"at"}}
    """Roles that somebody is given, and the hour that somebody is to be reminded at."""
    for name in MESSAGES:
        names = {field.name for field in fields(MODEL.messages[name])}
        assert not (stamped - exempt.get(name, set())) & names, name


def test_every_right_given_by_default_exists() -> None:
    names = set(MODEL.messages) | {kind.__name__ for kind in MODEL.kinds.values()} | {"Entry"}
    assert set().union(*MODEL.rights.values()) <= names
    assert set(MODEL.rights) == {*ROLES, "system"}


def test_an_auditor_reads_everything_and_changes_nothing() -> None:
    commands = {name for name, message in MODEL.messages.items() if issubclass(message, Command)}
    assert not MODEL.rights["auditor"] & commands
    unread = {kind.__name__ for kind in MODEL.kinds.values()} - MODEL.rights["auditor"]
    assert not unread, unread
    questions = {name for name, message in MODEL.messages.items() if issubclass(message, Question)}
    assert questions - MODEL.rights["auditor"] <= {"Inbox", "MyTasks"}


# ---------------------------------------------------------------------------------- at once, and by name


def test_approvals_050_and_ids_086_actors_that_are_none() -> None:
    crm = open_house()
    before = dump(crm)
    unit = RegisterUnit(id="u", name="部门")
    for actor in ("", None, 0, b"admin", " admin", "admin\n", "a" * 65):
        for call in (
            lambda: crm.do(unit, actor=actor),  # type: ignore[arg-type] # noqa: B023
            lambda: crm.get(Staff, ADMIN, actor=actor),  # type: ignore[arg-type] # noqa: B023
            lambda: crm.find(Staff, actor=actor),  # type: ignore[arg-type] # noqa: B023
            lambda: crm.work(actor=actor),  # type: ignore[arg-type] # noqa: B023
        ):
            with pytest.raises(MalformedInput) as caught:
                call()
            assert (caught.value.code, caught.value.field) == ("id.malformed", "actor")
    for call in (
        lambda: crm.do(unit, actor="system"),
        lambda: crm.get(Staff, ADMIN, actor="system"),
        lambda: crm.work(actor="system"),
    ):
        with pytest.raises(NotPermitted) as denied:
            call()
        assert denied.value.code == "actor.reserved"
    assert dump(crm) == before


def test_an_unknown_actor_may_nothing() -> None:
    with pytest.raises(NotPermitted):
        open_house().do(RegisterUnit(id="u", name="部门"), actor="nobody")


def test_a_right_given_or_taken_acts_at_once(crm: PharmaCRM) -> None:
    unit = RegisterUnit(id="u", name="部门")
    with pytest.raises(NotPermitted):
        crm.do(unit, actor=SALES)
    crm.do(GrantRight(role="sales", right="RegisterUnit"), actor=ADMIN).expect()
    assert crm.do(unit, actor=SALES).allowed
    crm.do(GrantRight(role="sales", right="RegisterUnit", given=False), actor=ADMIN).expect()
    with pytest.raises(NotPermitted):
        crm.do(unit, actor=SALES)
    crm.do(GrantRight(role="sales", right="SalesOrder", given=False), actor=ADMIN).expect()
    with pytest.raises(NotPermitted):
        crm.find(SalesOrder, actor=SALES)


def test_a_role_taken_or_a_person_who_left_acts_at_once(crm: PharmaCRM) -> None:
    placed(crm)
    staff: dict[str, Any] = {"id": SALES, "name": "张三", "unit": "east"}
    crm.do(RegisterStaff(**staff, roles=("warehouse",)), actor=ADMIN).expect()
    with pytest.raises(NotPermitted):
        placed(crm, "SO-2")
    crm.do(RegisterStaff(**staff, roles=("sales",)), actor=ADMIN).expect()
    placed(crm, "SO-2")
    crm.do(RegisterStaff(**staff, roles=("sales",), active=False), actor=ADMIN).expect()
    with pytest.raises(NotPermitted):
        placed(crm, "SO-3")
    with pytest.raises(NotPermitted):
        crm.get(SalesOrder, "SO-1", actor=SALES)


def test_a_right_is_taken_inside_a_block_of_work_too(crm: PharmaCRM) -> None:
    with crm.work(actor=ADMIN) as work:
        work.do(RegisterUnit(id="u", name="部门")).expect()
        work.do(GrantRight(role="admin", right="RegisterUnit", given=False)).expect()
        with pytest.raises(NotPermitted):
            work.do(RegisterUnit(id="v", name="部门"))


# -------------------------------------------------------------------------------------------------- tenants


def test_an_unknown_tenant_is_not_installed(crm: PharmaCRM) -> None:
    stranger = crm.for_tenant("nowhere")
    for call in (
        lambda: stranger.do(RegisterUnit(id="u", name="部门"), actor=ADMIN),
        lambda: stranger.do(RegisterUnit(id="u", name="部门"), actor=ADMIN, key="k"),
        lambda: stranger.get(Staff, ADMIN, actor=ADMIN),
        lambda: stranger.find(Staff, actor=ADMIN),
        lambda: stranger.ask(EXAMPLES["Inbox"], actor=ADMIN),
    ):
        with pytest.raises(NotInstalled, match="nowhere"):
            call()
    assert "nowhere" not in crm.tenants()


def test_a_store_without_tables_is_not_installed(sqlite_url: str) -> None:
    crm = opened(sqlite_url)
    with pytest.raises(NotInstalled):
        crm.do(RegisterUnit(id="u", name="部门"), actor=ADMIN, key="k")


def test_two_tenants_never_see_each_other(crm: PharmaCRM) -> None:
    """ids-075 and approvals-055: another tenant's things look exactly like missing ones."""
    from pharmacrm.core.flows.refusals import WhyRefused
    from pharmacrm.core.flows.release import ApproveOrder
    from tests.flows.house import ASSISTANT, records

    other = crm.for_tenant(f"{crm.tenant}-other")
    from pharmacrm.testing.company import found_company

    found_company(other, buyers=(BUYER,))
    placed(crm, "SO-1")
    before = records(other)
    entries = len(journal(other))
    assert other.find(SalesOrder, actor=SALES) == []
    text = []
    for id in ("SO-1", "SO-9"):
        with pytest.raises(NotFound) as caught:
            other.get(SalesOrder, id, actor=SALES)
        text.append(str(caught.value).replace(id, "?"))
        with pytest.raises(NotFound):
            other.do(ApproveOrder(order=id), actor=ASSISTANT)
    assert text[0] == text[1]
    assert records(other) == before
    assert len(journal(other)) == entries
    crm.do(EXAMPLES["CancelOrder"], actor=SALES)
    assert other.ask(WhyRefused(subject="SO-1"), actor=SALES) == ()
    placed(other, "SO-1", 500)
    assert crm.get(SalesOrder, "SO-1", actor=SALES).total != other.get(SalesOrder, "SO-1", actor=SALES).total
