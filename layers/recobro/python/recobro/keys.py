"""How people and addresses are named without naming them: keyed hashes that mean nothing outside this deployment."""

import hashlib
import hmac
import json
import random
import secrets
from dataclasses import dataclass, field

from recobro.codec import to_plain
from recobro.domain.debtor import Personal
from recobro.domain.phone_forms import known_as


@dataclass(frozen=True, slots=True)
class Keys:
    """root: the deployment's key for ids, derived from its one secret. chance: where people's own keys come from."""

    root: bytes
    chance: random.Random = field(default_factory=secrets.SystemRandom)

    def debtor(self, identity: str) -> str:
        """identity: "CC:TYPE:NUMBER" canonical, or "creditor:customer number". Returns "d" and 23 hex digits."""
        return "d" + self._hash("debtor", identity)[:23]

    def point(self, value: str) -> str:
        """The same address has the same id for everybody it reaches, in whichever form it is written. Returns "p" and 15 hex
        digits.
        """
        return "p" + self._hash("point", known_as(value))[:15]

    def debt(self, key: str) -> str:
        """For lookups by the creditor's reference. Returns "r" and 23 hex digits."""
        return "r" + self._hash("debt", key)[:23]

    def household(self, named: str) -> str:
        """What the creditor calls a household; the same for all who live there. Empty where nothing is named."""
        words = " ".join(named.split()).upper()
        return "h" + self._hash("household", words)[:15] if words else ""

    def account(self, debt_key: str) -> str:
        """One account, whoever owes it. Returns "c" and 15 hex digits."""
        return "c" + self._hash("account", debt_key)[:15]

    def short_debt(self, key: str) -> str:
        """What our own references name a debt by: 12 hex digits, verified against the debtor's own debts."""
        return self.debt(key)[1:13]

    def new_personal_key(self) -> str:
        """The person's own key, under which facts hash what was said: known to nobody once the person is erased."""
        return f"{self.chance.getrandbits(128):032x}"

    def personal_digest(self, personal: Personal) -> str:
        """What a fact says of personal content: that it was this, without saying what."""
        body = json.dumps(to_plain(personal), sort_keys=True, ensure_ascii=False)
        return hmac.new(personal.key.encode(), body.encode(), hashlib.sha256).hexdigest()[:32]

    def _hash(self, kind: str, value: str) -> str:
        return hmac.new(self.root, f"{kind}\x1f{value}".encode(), hashlib.sha256).hexdigest()
