"""Which gateways can take money for a creditor today: those that the client's file gives it, and whose key an operator has set."""

from collections.abc import Iterator

from recobro.domain.client import Brand, Gateway
from recobro.house import House


def paid_through(house: House, brand: Brand) -> Iterator[tuple[str, Gateway]]:
    """Name and set-up, in the file's order. Raises Unavailable while the keys cannot be read."""
    for name, setup in house.playbook.client.gateways_of(brand):
        if house.secrets.gateway(name, setup.endpoint, house.now()).api_key:
            yield name, setup
