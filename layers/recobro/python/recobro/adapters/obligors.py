"""Who else is in a debt: read in one request with the person whom a payment names, so that all are left in peace at once."""

from collections.abc import Iterable, Sequence

from recobro.adapters.table import Table


class Obligors:
    """`OBLIGORS#<short form of the debt>`: ids of everybody in a debt that more than one person owes; absent for most."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, short: str, debtor_ids: Iterable[str]) -> None:
        """Written before the save that makes one of them a co-debtor or guarantor."""
        self._table.update(
            *key_of(short),
            UpdateExpression="ADD people :people",
            ExpressionAttributeValues={":people": {"SS": sorted(debtor_ids)}},
        )

    def remove(self, short: str, debtor_id: str) -> None:
        """Somebody who was erased is in no debt any more."""
        self._table.update(
            *key_of(short),
            UpdateExpression="DELETE people :person",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":person": {"SS": [debtor_id]}},
        )

    def people(self, shorts: Sequence[str]) -> frozenset[str]:
        """Whom the items of those debts name; empty: there is none."""
        found = self._table.get_many([key_of(one) for one in dict.fromkeys(shorts)])
        return frozenset(one for item in found if "people" in item for one in item["people"]["SS"])


def key_of(short: str) -> tuple[str, str]:
    """Partition and sort key of the item. short: `Keys.short_debt`."""
    return f"OBLIGORS#{short}", "PEOPLE"
