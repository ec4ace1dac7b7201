"""Is every payment that was acknowledged kept, once, by everybody who answers for the debt?"""

from typing import Any

from infra.demo.book import Paid
from infra.local.backends.dynamodb.store import Store
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
            return
        self._acknowledged[intent] = paid
        item = self._item(intent)
        if item is None:
            self._broke("payment lost", "", f"{intent} was answered 2xx and stands nowhere")
            return
        if item["status"]["S"] in {"quarantined", "rejected"}:
            if not item.get("reason", {}).get("S"):
                self._broke("payment", "", f"{intent} is set aside without a reason")
            return
        for one in self._record.known.values():
            debt = one.debts.get(paid.debt)
            if debt is None or debt.recorded_at > paid.at.timestamp():
                continue
            amount = one.payments.get((intent, paid.debt))
            back = one.reversed.get((intent, paid.debt), 0)
            if word == "refunded" and amount is not None and back != amount:
                self._broke("payment", one.id, f"{intent} was refunded; {back} of {amount} are taken back")
            elif word == "succeeded" and amount != paid.amount:
                self._broke(
                    "payment", one.id, f"{intent} was answered 2xx; the record has {amount} of {paid.amount}"
                )

    def ended(self) -> None:
        """Every acknowledged payment is posted or quarantined for good."""
        for intent in sorted(self._acknowledged):
            item = self._item(intent)
            if item is not None and item["status"]["S"] == "received":
                self._broke("payment", "", f"{intent} is neither posted nor quarantined")

    def _item(self, intent: str) -> Any:
        return self._store.tables["ledger"].get((f"PAYMENT#{intent}", "EVENT"))
