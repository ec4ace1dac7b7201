"""Who else is in a debt: read in one request with the person whom a payment names, so that all are left in peace at once."""

from collections.abc import Iterable

from recobro.adapters.table import Table

OF_DEBT = "OBLIGORS#"


class Obligors:
    """`OBLIGORS#<short form of the debt>`: ids of everybody in a debt that more than one person owes; absent for most."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, short: str, debtor_ids: Iterable[str]) -> None:
        """Written before the save that makes them several."""
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

    def together(self, shorts: Iterable[str]) -> dict[str, frozenset[str]]:
        """Short form of a debt → everybody in it; debts of one person are left out. A hundred to a request."""
        found = self._table.get_many([key_of(one) for one in dict.fromkeys(shorts)])
        return {
            item["pk"]["S"].removeprefix(OF_DEBT): frozenset(item["people"]["SS"])
            for item in found
            if "people" in item
        }

    def people(self, shorts: Iterable[str]) -> frozenset[str]:
        """Everybody in any of those debts that several people owe."""
        return frozenset().union(*self.together(shorts).values())


def key_of(short: str) -> tuple[str, str]:
    """Partition and sort key of the item. short: `Keys.short_debt`."""
    return f"{OF_DEBT}{short}", "PEOPLE"
