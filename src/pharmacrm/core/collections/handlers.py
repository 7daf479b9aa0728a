"""Handlers of the commands of collections: they load what the rule needs."""

from pharmacrm.core.collections.commands import AnswerConfirmation, SetLedgerAccount, SetProvisionRates
from pharmacrm.core.collections.confirmation import BalanceConfirmation, ConfirmationItem, answer
from pharmacrm.core.collections.ledger import TAXED
from pharmacrm.core.collections.provision import ProvisionRates, set_rates
from pharmacrm.core.collections.voucher_reasons import RATE_UNUSED
from pharmacrm.core.collections.vouchers import LedgerAccount, account_id
from pharmacrm.core.kernel.decision import Decision, accept, save
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq


@SetProvisionRates.handler
def set_provision_rates(command: SetProvisionRates, read: Reads) -> Decision[ProvisionRates]:
    """Read the table of that day, if there is one."""
    new = ProvisionRates(
        id=command.valid_from.isoformat(),
        valid_from=command.valid_from,
        edges=command.edges,
        rates=command.rates,
        reason=command.reason,
    )
    return set_rates(read.seek(ProvisionRates, new.id), new)


@AnswerConfirmation.handler
def answer_confirmation(command: AnswerConfirmation, read: Reads) -> Decision[BalanceConfirmation]:
    """Read the confirmation with its items."""
    asked = read.get(BalanceConfirmation, command.confirmation)
    return answer(
        asked,
        read.find(ConfirmationItem, eq("confirmation", asked.id), order=("number",)),
        command.balance,
        {each.document: each.amount for each in command.documents},
        on=read.on,
        person=command.person,
        note=command.note,
    )


@SetLedgerAccount.handler
def set_ledger_account(command: SetLedgerAccount, read: Reads) -> Decision[LedgerAccount]:
    """Read the account of that role, or of that tax and rate, if there is one."""
    role, rate = command.role, command.tax_rate
    old = read.seek(LedgerAccount, account_id(role, rate))
    new = LedgerAccount(id=account_id(role, rate), version=old.version if old else 0, account=command.account)
    unused = rate is not None and role not in TAXED
    return accept(
        new,
        RATE_UNUSED(role, field="tax_rate", observed=rate) if unused else (),
        save(new) if new != old else (),
    )


HANDLERS = (set_provision_rates, answer_confirmation, set_ledger_account)
