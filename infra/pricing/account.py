"""The bill of what was counted, laid beside what it bought: per contact, person, promise and recovered money."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from infra.pricing.outcomes import Outcomes
from recobro.domain.money import exponent

MICRO = Decimal(1_000_000)


@dataclass(frozen=True)
class Account:
    """USD. services: item of the price book → USD; fees: channel → USD."""

    services: Mapping[str, Decimal]
    fees: Mapping[str, Decimal]
    bought: Outcomes

    @property
    def contacts(self) -> int:
        return self.bought.contacts.total()

    @property
    def service_usd(self) -> Decimal:
        return sum(self.services.values(), Decimal(0))

    @property
    def fee_usd(self) -> Decimal:
        return sum(self.fees.values(), Decimal(0))

    @property
    def usd(self) -> Decimal:
        return self.service_usd + self.fee_usd

    def per(self, count: int) -> Decimal | None:
        """The whole divided among so many; None: there are none."""
        return self.usd / count if count else None

    def usd_in(self, currency: str) -> Decimal:
        """What contacts about debts in that currency cost: their own fees, and AWS's share by their number."""
        share = Decimal(self.bought.contacts_in[currency]) / self.contacts if self.contacts else Decimal(0)
        return self.bought.fees_in[currency] / MICRO + self.service_usd * share

    def per_thousand_recovered(self) -> dict[str, Decimal]:
        """Currency → USD for a thousand of it that came back. Currencies are never summed."""
        found = {}
        for currency, minor in self.bought.recovered.items():
            if minor > 0:
                whole = Decimal(minor) / 10 ** exponent(currency)
                found[currency] = self.usd_in(currency) * 1000 / whole
        return found


def account_of(services: Mapping[str, Decimal], bought: Outcomes) -> Account:
    """Services in USD by item; the carriers' fees as the ledger holds them."""
    fees = {channel: micro / MICRO for channel, micro in bought.fees.items()}
    return Account(services, fees, bought)
