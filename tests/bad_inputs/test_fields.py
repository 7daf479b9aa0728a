"""Every awkward value at every field of every command, question and value (reliability T16)."""

from collections import Counter
from typing import Any

import pytest

from pharmacrm.core.kernel.codec import from_plain, to_plain
from pharmacrm.core.kernel.errors import MalformedInput
from tests.bad_inputs.fields import MODELS, PLACES, Place, reading
from tests.kernel.test_bad_values import ENTRIES, NAMES, answer

BAD: dict[str, list[tuple[str, Any, str]]] = {
    family: [
        (entry["id"], eval(entry["repr"], dict(NAMES)), entry.get("expected", ""))
        for entry in ENTRIES[family]
        if entry["repr"] is not None and "pass" not in entry.get("expected", "")
    ]
    for family in ("money", "dates", "ids")
}


def refusal(place: Place, value: object) -> MalformedInput | None:
    """The error, which names the field and is safe to show; None where the value is taken; no other error."""
    error = answer(lambda: place.filled(value))
    if isinstance(error, MalformedInput):
        assert error.field == place.name or error.field.startswith((f"{place.name}[0]", f"{place.name}.")), (
            error
        )
        assert str(error).isprintable()
        assert len(str(error)) < (800 if error.code == "choice.unknown" else 250)
        assert error.code
        return error
    return None


def may_be_left_out(place: Place, value: object) -> bool:
    return (value is None and place.optional and not place.many) or (
        type(value) is str and not value and place.empty
    )


def ids_of(places: list[Place]) -> Any:
    return pytest.mark.parametrize("place", places, ids=str)


@ids_of(reading("id"))
def test_no_bad_id_gets_into_a_field_for_ids(place: Place) -> None:
    for name, value, expected in BAD["ids"]:
        if may_be_left_out(place, value):
            continue
        error = refusal(place, value)
        assert error is not None, name
        assert f"refused: {error.code}" == expected, name


@ids_of(reading("date"))
def test_no_bad_date_gets_into_a_field_for_dates(place: Place) -> None:
    for name, value, _ in BAD["dates"]:
        if not may_be_left_out(place, value):
            error = refusal(place, value)
            assert error is not None, name
            assert error.code.startswith("date."), (name, error)


@ids_of(reading("instant"))
def test_no_bad_instant_gets_into_a_field_for_instants(place: Place) -> None:
    for name, value, _ in BAD["dates"]:
        if may_be_left_out(place, value):
            continue
        error = refusal(place, value)
        assert error is not None, name
        assert error.code.startswith("time."), (name, error)


@ids_of(reading("money"))
def test_no_bad_amount_gets_into_a_field_for_money(place: Place) -> None:
    for name, value, _ in BAD["money"]:
        if may_be_left_out(place, value):
            continue
        error = refusal(place, value)
        assert error is not None, name
        assert error.code.startswith("money."), (name, error)


@ids_of(reading("price", "percentage", "quantity", "rate"))
def test_no_bad_number_gets_into_a_field_for_prices_rates_and_quantities(place: Place) -> None:
    taken = Counter[str]()
    for name, value, _ in BAD["money"]:
        if may_be_left_out(place, value):
            continue
        error = refusal(place, value)
        if error is None:
            taken[name] += 1
            least = 0 if str(place) == "RecordStock.quantity" else 1  # nothing in stock is an answer
            assert place.reads != "quantity" or (type(value) is int and value >= least), name
            assert type(value).__name__ in {"int", "Decimal", "str"}, name
        else:
            assert error.code.startswith(f"{place.reads}."), (name, error)
    assert sum(taken.values()) <= 6, taken


@ids_of(reading("choice"))
def test_only_choices_get_into_a_field_for_choices(place: Place) -> None:
    for name, value, _ in BAD["ids"] + BAD["money"] + BAD["dates"]:
        if not may_be_left_out(place, value):
            error = refusal(place, value)
            assert error is not None, name
            assert error.code == "choice.unknown", name


@ids_of(reading("truth"))
def test_only_true_and_false_get_into_a_switch(place: Place) -> None:
    for name, value, _ in BAD["ids"] + BAD["money"] + BAD["dates"]:
        if type(value) is not bool:
            error = refusal(place, value)
            assert error is not None, name
            assert error.code.startswith("truth."), name


@ids_of(reading("number", "terms", "value"))
def test_other_fields_refuse_what_they_cannot_mean(place: Place) -> None:
    for name, value, _ in BAD["ids"] + BAD["dates"]:
        if may_be_left_out(place, value) or type(value) is int:
            continue
        error = refusal(place, value)
        assert error is not None or (place.name == "address" and type(value) is str), name


@ids_of(reading("text"))
def test_texts_are_refused_or_kept_letter_by_letter(place: Place) -> None:
    for name, value, _ in BAD["ids"] + BAD["dates"] + BAD["money"]:
        error = refusal(place, value)
        if error is None and not may_be_left_out(place, value):
            assert type(value) is str, name
            kept = getattr(place.filled(value), place.name)
            kept = kept[0] if place.many else kept
            assert kept.split() == value.split() or not value.isascii(), name
            assert "\x00" not in kept
            assert kept.encode("utf-8")


@pytest.mark.parametrize("place", [place for place in PLACES if place.many], ids=str)
@pytest.mark.parametrize("value", [None, 5, "text", {"a": 1}, {1}, object(), iter(())])
def test_only_lists_get_into_a_field_for_lists(place: Place, value: object) -> None:
    given = Place(place.model, place.name, place.reads, place.optional, place.empty, many=False)
    error = refusal(given, value)
    if place.optional and value is None:
        assert error is None  # it says nothing, which an empty list does not
        return
    assert error is not None
    assert error.field.startswith(place.name)


def test_approvals_051_and_052_texts_too_long_or_with_controls() -> None:
    for place in reading("text"):
        error = refusal(place, "a" * 1_000_000)
        assert error is not None, place
        for text in ("a\x00b", "a\ud800b", "a\u202eb"):
            error = refusal(place, text)
            assert error is not None, (place, text)
            assert "\x00" not in str(error)


def test_nothing_personal_is_shown_in_an_error() -> None:
    shown = []
    for place in PLACES:
        error = refusal(place, "秘密\x00") if place.reads == "text" else None
        if (
            error is not None
            and not error.code.startswith(("identifier.", "money.currency"))
            and error.value != "<personal>"
        ):
            shown.append(str(place))
    assert shown == []


# ----------------------------------------------------------------------------------- from outside: plain data

WRONG: tuple[object, ...] = ([], {}, 1.5, {"a": []}, [[]], [1.5])


@pytest.mark.parametrize("name", sorted(MODELS))
def test_plain_data_and_back_is_the_identity(name: str) -> None:
    model = MODELS[name]
    assert from_plain(type(model), to_plain(model)) == model


@pytest.mark.parametrize("name", sorted(MODELS))
@pytest.mark.parametrize("field", ["version", "tenant", "hash", "created_at", "recorded_at", "actor"])
def test_ids_083_no_field_of_the_doors_is_assigned(name: str, field: str) -> None:
    plain = {**to_plain(MODELS[name]), field: 1}
    with pytest.raises(MalformedInput) as caught:
        from_plain(type(MODELS[name]), plain)
    assert (caught.value.code, caught.value.field) == ("field.not_allowed", field)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_plain_data_is_read_as_strictly_as_arguments(name: str) -> None:
    """A field given a list, a number or nothing at all is refused, and named."""
    model = MODELS[name]
    for field in to_plain(model):
        for wrong in WRONG:
            plain = {**to_plain(model), field: wrong}
            read = answer(from_plain, type(model), plain)
            if isinstance(read, MalformedInput):
                assert read.field.startswith(field), (field, wrong, read)
            else:
                assert wrong == []
                assert getattr(read, field) == ()


@pytest.mark.parametrize("place", [place for place in PLACES if place.many], ids=str)
def test_a_text_is_no_list_of_letters(place: Place) -> None:
    plain = {**to_plain(place.model), place.name: "abc"}
    with pytest.raises(MalformedInput) as caught:
        from_plain(type(place.model), plain)
    assert (caught.value.code, caught.value.field) == ("list.type", place.name)


def test_every_kind_of_field_is_known() -> None:
    """Something new in a command must be given a family here."""
    families = "id text date instant money price rate percentage quantity number choice truth terms value"
    assert {place.reads for place in PLACES} == set(families.split())
    assert {str(place) for place in reading("value")} == {
        "ConvertQuote.address",
        "Decide.attachments",
        "DraftPurchaseOrder.lines",
        "DraftQuote.lines",
        "ReceiveGoods.items",
        "RevisePurchaseOrder.lines",
        "RevisePurchaseOrder.named",
        "ReviseQuote.lines",
        "ReviseQuote.named",
        "SetPayingDays.paying",
        "SubmitPurchaseOrder.named",
        "SubmitQuote.named",
        "AcceptReturn.items",
        "AllocateReceipt.targets",
        "AnswerConfirmation.documents",
        "ReconcileLedger.balances",
        "AmendOrder.address",
        "AmendOrder.lines",
        "GrantCreditLimit.season",
        "GrantGroupLimit.season",
        "RequestGroupLimit.season",
        "RequestCreditLimit.season",
        "ApplyCreditNote.portions",
        "DecideMany.documents",
        "IssueSlip.items",
        "SetCreditPolicy.gates",
        "SetCreditPolicy.parts",
        "SetCreditPolicy.rates",
        "PlaceOrder.address",
        "PlaceOrder.lines",
        "RecordInvoice.lines",
        "PreviewApproval.fields",
        "RecordPull.claimed",
        "RecordPull.sums",
        "RegisterCustomer.address",
        "RegisterProduct.packs",
        "RescheduleDebt.instalments",
        "SetDunningPolicy.interest",
        "SetDunningPolicy.levels",
        "SetOfficeHours.hours",
        "MigrateRequest.named",
        "ResubmitForApproval.fields",
        "ResubmitForApproval.named",
        "SubmitForApproval.fields",
        "SubmitForApproval.named",
    }
    assert {str(place) for place in reading("number")} == {
        "RevisionChanges.earlier",
        "RevisionChanges.later",
        "AgeingByCustomer.edges",
        "AgeingReport.edges",
        "DeadLetters.limit",
        "EndCreditLimit.number",
        "EndGroupLimit.number",
        "Inbox.limit",
        "RecordPull.aside",
        "RecordPull.done",
        "RecordPull.held",
        "RecordPull.repeated",
        "MyTasks.limit",
        "OverdueTasks.limit",
        "SetDunningPolicy.pause",
        "SetDunningTerms.max_level",
        "SetDunningText.level",
        "IssueDunningLetter.level",
        "SetProvisionRates.edges",
        "SetReminderPlan.closes",
        "SetReminderPlan.every",
        "SetReminderPlan.moments",
        "SetReminderPlan.opens",
        "SetCreditPolicy.watch_from",
        "SlipItem.line",
        "UnitTasks.limit",
    }
