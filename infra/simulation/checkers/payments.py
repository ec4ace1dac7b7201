"""Is every payment that was acknowledged kept, once, by everybody who answers for the debt?"""

from typing import Any

from infra.demo.book import Paid
from infra.local.backends.dynamodb.store import Store
from infra.simulation.checkers.known import Known
from infra.simulation.checkers.record import Broke, Record
from infra.simulation.kernel import Kernel


class Payments:
    """Told of every 2xx."""

    def __init__(self, record: Record, store: Store, kernel: Kernel, broke: Broke) -> None:
        self._record = record
        self._store = store
        self._kernel = kernel
        self._broke = broke
        self._acknowledged: dict[str, Paid] = {}

    def answered(self, intent: str, paid: Paid, *, is_forged: bool, word: str = "succeeded") -> None:
        """A webhook got its 2xx. word: what it said of the money; only "succeeded" and "refunded" say that some moved."""
        if is_forged:
            self._broke("forged", "", f"{intent} was accepted")
            return
        if word == "pending":
            self._rests(intent, paid)
            return
        if not self._is_kept(intent, paid):
            if word == "succeeded":
                self._waits(intent, paid)
            return
        for one in self._record.known.values():
            debt = one.debts.get(paid.debt)
            if debt is None or debt.recorded_at > paid.at.timestamp():
                continue
            amount = one.payments.get((intent, paid.debt))
            if word == "refunded" and amount is not None:
                self._went_back(one, intent, paid.debt, amount)
            elif word == "succeeded":
                has = one.has_of(intent, paid.debt, paid.at.timestamp())
                if has != paid.amount:
                    self._broke(
                        "payment", one.id, f"{intent} was answered 2xx; the record has {has} of {paid.amount}"
                    )

    def _went_back(self, one: Known, intent: str, key: str, amount: int) -> None:
        """All of it is off the record's books, and what is owed again for it a person looks at first."""
        back = one.reversed.get((intent, key), 0)
        was_used = amount > one.unapplied.get((intent, key), 0)
        if was_used and one.debts[key].is_owed and not one.leaves_in_peace(key):
            self._broke("after a payment", one.id, f"{intent} went back, and {key} is asked for by itself")
        if back != amount:
            self._broke("payment", one.id, f"{intent} was refunded; {back} of {amount} are taken back")

    def _owing(self, paid: Paid) -> list[Known]:
        """Whoever owed that debt before the money came, and owes it still."""
        return [
            one
            for one in self._record.known.values()
            if paid.debt in one.debts
            and one.debts[paid.debt].is_owed
            and one.debts[paid.debt].recorded_at <= paid.at.timestamp()
        ]

    def _waits(self, intent: str, paid: Paid) -> None:
        """Money that waits for somebody to place it keeps everybody quiet about its debt."""
        item = self._item(intent)
        if item is None or item["status"]["S"] != "quarantined":
            return
        for one in self._owing(paid):
            if not one.leaves_in_peace(paid.debt):
                self._broke(
                    "after a payment", one.id, f"{intent} waits to be placed, and {paid.debt} is asked for"
                )

    def _rests(self, intent: str, paid: Paid) -> None:
        """A voucher in somebody's hand is not asked for."""
        for one in self._owing(paid):
            place = (intent, paid.debt)
            if place not in one.payments and not one.noted.get(place) and not one.leaves_in_peace(paid.debt):
                self._broke("after a payment", one.id, f"{intent} is pending, and {paid.debt} is asked for")

    def all_answered(self, intent: str, whole: Paid, payer: str) -> None:
        """Told of the 2xx to money that our own link asked for, all that was owed to one creditor: nothing of it lies about while
        somebody is asked for more of what was owed then, and everybody in each debt that it paid knows of it.
        """
        if not self._is_kept(intent, whole):
            return
        known = self._record.known[payer]
        posted = {debt: amount for (of, debt), amount in known.payments.items() if of == intent}
        if sum(posted.values()) != whole.amount:
            self._broke("payment", payer, f"{intent} was answered 2xx; {posted} is not {whole.amount}")
        over = sum(amount for (of, _), amount in known.unapplied.items() if of == intent)
        account = (whole.debt.partition("/")[0], whole.currency)
        paid_at = whole.at.timestamp()
        owed = [key for key, debt in known.debts.items() if (debt.creditor, debt.currency) == account
                and debt.is_owed and debt.owed_since <= paid_at]  # fmt: skip
        if over and owed:
            self._broke("payment", payer, f"{over} of {intent} pay nothing while {owed} are owed")
        for one in self._record.known.values():
            for debt in posted.keys() & one.debts.keys():
                told = one.has_of(intent, debt, paid_at)
                if one.debts[debt].recorded_at <= paid_at and told != posted[debt]:
                    self._broke(
                        "payment", one.id, f"{intent} paid {posted[debt]} of {debt}; they have {told}"
                    )

    def _is_kept(self, intent: str, paid: Paid) -> bool:
        """Whether it was posted, as far as the log says; what waits for a person does with its reason."""
        self._acknowledged[intent] = paid
        item = self._item(intent)
        if item is None:
            self._broke("payment lost", "", f"{intent} was answered 2xx and stands nowhere")
            return False
        if item["status"]["S"] in {"quarantined", "rejected"}:
            if not item.get("reason", {}).get("S"):
                self._broke("payment", "", f"{intent} is set aside without a reason")
            return False
        return True

    def ended(self) -> None:
        """Every acknowledged payment is posted or quarantined for good."""
        for intent in sorted(self._acknowledged):
            item = self._item(intent)
            if item is not None and item["status"]["S"] == "received":
                self._broke("payment", "", f"{intent} is neither posted nor quarantined")

    def _item(self, intent: str) -> Any:
        return self._store.tables["ledger"].get((f"PAYMENT#{intent}", "EVENT"))
