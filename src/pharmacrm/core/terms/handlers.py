"""Load what the rules about term sets need."""

from collections.abc import Mapping

from pharmacrm.core.kernel.decision import Decision, refuse
from pharmacrm.core.kernel.errors import MalformedInput, NotFound
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.record import kind_name
from pharmacrm.core.terms.commands import ImportTerms, PublishTerms, TermsInForce, TermSource, WithdrawTerms
from pharmacrm.core.terms.model import PaymentTermSet, PaymentTermVersion
from pharmacrm.core.terms.reasons import TERMS_MISTAKE
from pharmacrm.core.terms.rules import in_force, publish, withdraw
from pharmacrm.core.values.term_sets import ImportedTerms, from_erpnext, from_oca, from_odoo, from_tryton
from pharmacrm.core.values.term_sets.imported import Importer

IMPORTERS: Mapping[TermSource, Importer] = {
    TermSource.TRYTON: from_tryton,
    TermSource.ODOO: from_odoo,
    TermSource.OCA: from_oca,
    TermSource.ERPNEXT: from_erpnext,
}


@PublishTerms.handler
def on_publish_terms(command: PublishTerms, read: Reads) -> Decision[PaymentTermSet]:
    """Read the set with its versions."""
    known, versions = read_set(command.code, read)
    wanted = ImportedTerms(command.name, command.terms)
    return publish(command.code, wanted, known, versions, valid_from=command.valid_from, on=read.on)


@ImportTerms.handler
def on_import_terms(command: ImportTerms, read: Reads) -> Decision[PaymentTermSet]:
    """Read the definition, and the set with its versions."""
    try:
        wanted = IMPORTERS[command.source](command.definition)
    except MalformedInput as error:
        found = error.inside("definition")
        wrong = TERMS_MISTAKE(command.code, field=found.field, observed=found.value, expected=found.message)
        return refuse(wrong)
    known, versions = read_set(command.code, read)
    start, source = command.valid_from, command.source.value
    return publish(command.code, wanted, known, versions, valid_from=start, on=read.on, source=source)


@WithdrawTerms.handler
def on_withdraw_terms(command: WithdrawTerms, read: Reads) -> Decision[PaymentTermSet]:
    """Read the set with its versions."""
    known = read.get(PaymentTermSet, command.code)
    return withdraw(known, versions_of(known.id, read), valid_to=command.valid_to, on=read.on)


@TermsInForce.handler
def on_terms_in_force(question: TermsInForce, read: Reads) -> PaymentTermVersion:
    """Read the versions of a set that is there."""
    known = read.get(PaymentTermSet, question.code)
    found = in_force(versions_of(known.id, read), question.on or read.on)
    if found is None:
        raise NotFound(kind_name(PaymentTermVersion), known.id)
    return found


def read_set(code: str, read: Reads) -> tuple[PaymentTermSet | None, list[PaymentTermVersion]]:
    """Read a set with its versions by number; nothing of one that is not known."""
    known = read.seek(PaymentTermSet, code)
    return known, versions_of(code, read) if known else []


def versions_of(code: str, read: Reads) -> list[PaymentTermVersion]:
    """Read the versions of a set, by number."""
    return read.find(PaymentTermVersion, eq("term_set", code), order=("number",))


HANDLERS = (on_publish_terms, on_import_terms, on_withdraw_terms, on_terms_in_force)
