"""Tables with their indexes and streams; expiry is this machine's own affair, so that it follows the movable clock."""

from infra.local.inventory import Table
from infra.local.realise import Resource, Site, realises
from infra.local.refusal import Refused
from infra.local.template import Address


@realises(
    "AWS::DynamoDB::Table",
    "TableName KeySchema AttributeDefinitions GlobalSecondaryIndexes LocalSecondaryIndexes BillingMode "
    "ProvisionedThroughput StreamSpecification TimeToLiveSpecification",
    {
        "PointInTimeRecoverySpecification": "there is no earlier state to go back to",
        "DeletionProtectionEnabled": "nothing deletes tables here",
        "SSESpecification": "nothing here is encrypted at rest",
        "WarmThroughput": "nothing here is throttled",
        "OnDemandThroughput": "nothing here is throttled",
        "TableClass": "storage costs nothing here",
        "Tags": "tags are not kept",
    },
)
def table(site: Site, resource: Resource) -> Address:
    name = resource.name("TableName", 128)
    passed_on = {
        key: resource.get(key)
        for key in ("KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "LocalSecondaryIndexes")
        if key in resource.properties
    }
    stream = resource.get("StreamSpecification")
    if stream:
        passed_on["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": stream["StreamViewType"]}
    for index in passed_on.get("GlobalSecondaryIndexes", []):
        index.pop("ProvisionedThroughput", None)
    made = site.service("dynamodb").create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **passed_on)
    expiry = resource.get("TimeToLiveSpecification", {})
    schema = {part["KeyType"]: part["AttributeName"] for part in resource.need("KeySchema")}
    if "HASH" not in schema:
        raise Refused(resource.where, "KeySchema has no HASH key")
    arn = site.arn("dynamodb", f"table/{name}")
    realised = Table(
        name=name,
        arn=arn,
        key=tuple(schema[kind] for kind in ("HASH", "RANGE") if kind in schema),
        stream_arn=made["TableDescription"].get("LatestStreamArn"),
        ttl_attribute=expiry["AttributeName"] if expiry.get("Enabled") else None,
    )
    site.inventory.tables[arn] = realised
    attributes = {"Arn": arn}
    if realised.stream_arn:
        attributes["StreamArn"] = realised.stream_arn
    return Address(name, attributes)
