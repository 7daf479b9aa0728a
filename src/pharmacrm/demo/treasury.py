"""The treasury: customers pay in their own ways, finance registers what came in and says what it settles."""

from collections.abc import Mapping
from datetime import timedelta

from attrs import frozen

from pharmacrm.core.flows.collection import AllocateReceipt, RegisterReceipt, ReverseReceipt
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq, is_null, le, lt, prefix
from pharmacrm.core.receivables import Instalment, Receipt, Target
from pharmacrm.core.values.terms import PartKind
from pharmacrm.core.values.trade import CustomerKind, PaymentMethod
from pharmacrm.demo.accounts import Account, Habit
from pharmacrm.demo.cast import ACCOUNTANT
from pharmacrm.demo.company import Company
from pharmacrm.demo.habits import bounces, by_cheque, from_own_pocket, pays_on, wants_discount

CHEQUE_CLEARS = timedelta(days=4)
THOUSAND = 100_000


@frozen
class Treasury:
    """Finance at the bank's window, with the accounts by id."""

    company: Company
    accounts: Mapping[str, Account]

    def sends_cheques_back(self) -> None:
        """Reverse the cheques that the bank returned: what they settled is owed again."""
        cheques = (eq("method", PaymentMethod.CHEQUE), is_null("reversed_on"))
        before = le("value_date", self.company.today - CHEQUE_CLEARS)
        for receipt in self.company.crm.find(Receipt, *cheques, before, actor=ACCOUNTANT):
            if bounces(self.company.scale, receipt.id):
                reversed_ = ReverseReceipt(receipt=receipt.id, reason="银行退票：存款不足")
                self.company.do(reversed_, actor=ACCOUNTANT, key=f"reverse/{receipt.id}")

    def takes_money_in(self) -> None:
        """Register and allocate what customers pay today: instalment by instalment, or all once a month."""
        today = self.company.today
        owed = self.company.crm.find(
            Instalment, eq("settled", value=False), lt("opened_on", today), order=("due",), actor=ACCOUNTANT
        )
        for part in owed:
            account = self.accounts.get(part.customer)
            if account is not None and not self._in_one_sum(account, part):
                self._pays(account, part)
        if self.company.is_last_of_month:
            for account in self.accounts.values():
                if account.habit is Habit.MONTHLY:
                    mine = [
                        part
                        for part in owed
                        if part.customer == account.id and self._in_one_sum(account, part)
                    ]
                    self._pays_in_one_sum(account, [part for part in mine if part.due <= today])

    @staticmethod
    def _in_one_sum(account: Account, part: Instalment) -> bool:
        return account.habit is Habit.MONTHLY and part.kind is PartKind.CREDIT

    def _pays(self, account: Account, part: Instalment) -> None:
        base, first = f"SK-{part.id}", pays_on(self.company.scale, account.habit, part, 1)
        if first is None or first > self.company.today:
            return
        before = self.company.crm.find(Receipt, prefix("id", f"{base}/"), actor=ACCOUNTANT)
        open_ = [each for each in before if each.open.is_positive]
        attempt = len(before) + (0 if open_ else 1)
        day = first if attempt == 1 else pays_on(self.company.scale, account.habit, part, attempt)
        if day is None or day > self.company.today:
            return
        discount = self._discount(account, part, attempt)
        half = account.habit is Habit.PARTS and attempt == 1
        amount = part.open.share(1, 2) if half else part.open - discount
        id = f"{base}/{attempt}"
        self.company.later(2)
        if self._registered(account, id, amount) is not None:
            self._allocated(part, id, amount, discount=bool(discount))

    def _registered(self, account: Account, id: str, amount: Money) -> Receipt | None:
        """Register the money; what a shopkeeper pays from the own pocket is sent back and comes again."""
        cheque = account.kind is CustomerKind.HOSPITAL and by_cheque(self.company.scale, id)
        receipt = RegisterReceipt(
            id=id,
            payer=account.id,
            payer_name=account.name,
            amount=amount,
            method=PaymentMethod.CHEQUE if cheque else PaymentMethod.BANK_TRANSFER,
            value_date=self.company.today,
        )
        if account.kind is CustomerKind.PHARMACY and from_own_pocket(self.company.scale, id):
            private = RegisterReceipt(
                id=id,
                payer=account.id,
                payer_name=account.contact,
                amount=amount,
                value_date=self.company.today,
                personal_account=True,
            )
            self.company.do(private, actor=ACCOUNTANT, key=f"receipt/{id}/private")
        return self.company.do(receipt, actor=ACCOUNTANT, key=f"receipt/{id}").value

    def _allocated(self, part: Instalment, id: str, amount: Money, *, discount: bool) -> None:
        """Settle the instalment; a discount asked for too late is refused, and the money taken without it."""
        wanted = AllocateReceipt(receipt=id, targets=(Target(part.id, amount, take_discount=discount),))
        done = self.company.do(wanted, actor=ACCOUNTANT, key=f"allocate/{id}")
        if discount and done.value is None:
            plain = AllocateReceipt(receipt=id, targets=(Target(part.id, amount),))
            self.company.do(plain, actor=ACCOUNTANT, key=f"allocate/{id}/without")

    def _discount(self, account: Account, part: Instalment, attempt: int) -> Money:
        """What the customer takes off for paying early: what is offered, or was until lately."""
        nothing = Money.zero(part.amount.currency)
        if not part.discounts or attempt > 1 or not wants_discount(self.company.scale, account.habit, part):
            return nothing
        live = [offer.amount for offer in part.discounts if offer.until >= self.company.today]
        amount = live[0] if live else part.discounts[-1].amount
        return amount if amount < part.open else nothing

    def _pays_in_one_sum(self, account: Account, owed: list[Instalment]) -> None:
        """A chain pays once a month, in whole thousands; what is left over stays on account."""
        if not owed:
            return
        id = f"SK-{account.id}/{self.company.today:%Y-%m}"
        left = self.company.crm.find(Receipt, eq("payer", account.id), actor=ACCOUNTANT)
        kept = [receipt for receipt in left if receipt.open.is_positive and receipt.id != id]
        due = sum(part.open.minor for part in owed) - sum(receipt.open.minor for receipt in kept)
        whole = Money.of_minor(max(1, -(-due // THOUSAND)) * THOUSAND, "CNY")
        if all(receipt.id != id for receipt in left):
            self._registered(account, id, whole)
        for receipt in (*[each.id for each in kept], id):
            allocate = AllocateReceipt(receipt=receipt)
            self.company.do(allocate, actor=ACCOUNTANT, key=f"allocate/{receipt}/{self.company.today:%Y-%m}")
