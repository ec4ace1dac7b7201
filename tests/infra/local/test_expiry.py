"""What has outlived its time goes, some while later, and the stream says that nobody deleted it.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
"""

from datetime import datetime, timedelta
from typing import Any

from infra.local.system import LocalSystem
from tests.infra.local.sample import HEARD, START, Sample

KEY = {"pk": {"S": "ana"}, "sk": {"S": "RAW"}}


def expiring(at: datetime) -> dict[str, Any]:
    return {**KEY, "ttl": {"N": str(int(at.timestamp()))}}


def there(system: LocalSystem) -> bool:
    return "Item" in system.client("dynamodb").get_item(TableName="ledger", Key=KEY)


def test_an_item_goes_after_its_time_and_not_before(sample: Sample, backend: str) -> None:
    sample.table()
    sample.follower()
    with sample.running(backend=backend, expiry_lag=timedelta(hours=1)) as system:
        system.client("dynamodb").put_item(TableName="ledger", Item=expiring(START + timedelta(days=1)))
        system.run_for(timedelta(days=1))
        assert there(system), "expired items stay until DynamoDB comes by"
        system.run_for(timedelta(hours=1))
        assert not there(system)
    removed = HEARD[-1]["Records"][0]
    assert removed["eventName"] == "REMOVE"
    assert removed["userIdentity"] == {"type": "Service", "principalId": "dynamodb.amazonaws.com"}


def test_a_later_write_prolongs_its_life(sample: Sample) -> None:
    sample.table()
    with sample.running(expiry_lag=timedelta(0)) as system:
        dynamodb = system.client("dynamodb")
        dynamodb.put_item(TableName="ledger", Item=expiring(START + timedelta(days=1)))
        dynamodb.update_item(
            TableName="ledger",
            Key=KEY,
            UpdateExpression="SET #t = :t",
            ExpressionAttributeNames={"#t": "ttl"},
            ExpressionAttributeValues={":t": {"N": str(int((START + timedelta(days=9)).timestamp()))}},
        )
        system.run_for(timedelta(days=8))
        assert there(system)
        system.run_for(timedelta(days=2))
        assert not there(system)


def test_an_expiry_of_long_ago_is_taken_for_a_mistake(sample: Sample) -> None:
    """ "DynamoDB won't delete items with a TTL older than five years" """
    sample.table()
    with sample.running(expiry_lag=timedelta(0)) as system:
        system.client("dynamodb").put_item(TableName="ledger", Item=expiring(START - timedelta(days=3000)))
        system.run_for(timedelta(days=1))
        assert there(system)


def test_a_deletion_by_hand_is_not_said_to_be_dynamodbs(sample: Sample) -> None:
    sample.table()
    sample.follower()
    with sample.running() as system:
        system.client("dynamodb").put_item(TableName="ledger", Item=expiring(START + timedelta(days=1)))
        system.client("dynamodb").delete_item(TableName="ledger", Key=KEY)
        system.run_for(timedelta(days=3))
    assert [record["eventName"] for event in HEARD for record in event["Records"]] == ["INSERT", "REMOVE"]
    assert "userIdentity" not in HEARD[0]["Records"][1]
