"""What was set aside and names somebody who was erased: its body goes; that it came, when and of what kind it was stays."""

from collections.abc import Callable

from recobro.adapters.table import Table


def forget_asides(table: Table, is_theirs: Callable[[str], bool]) -> int:
    """Take away every body for which `is_theirs` is true. What others sent stays, to be used once its cause is mended."""
    found = [
        item
        for item in table.beginning("ASIDE#")
        if is_theirs(item["body"]["S"]) or is_theirs(item["reason"]["S"])
    ]
    for item in found:
        table.update(
            item["pk"]["S"],
            item["sk"]["S"],
            UpdateExpression="SET body = :gone, reason = :family",
            ExpressionAttributeValues={
                ":gone": {"S": "(erased)"},
                ":family": {"S": item["reason"]["S"].partition(":")[0]},
            },
        )
    return len(found)
