"""Buckets, and whether they announce what is put in them."""

from infra.local.inventory import Bucket
from infra.local.permissions.policy import statements
from infra.local.realise import Resource, Site, realises
from infra.local.template import Address


@realises(
    "AWS::S3::Bucket",
    "BucketName NotificationConfiguration VersioningConfiguration",
    {
        "AccessControl": "this machine has one user",
        "BucketEncryption": "nothing here is encrypted at rest",
        "LifecycleConfiguration": "nothing ages here: a run is shorter than a bucket's lifetimes",
        "LoggingConfiguration": "no access log is written here",
        "ObjectLockEnabled": "nothing here is locked",
        "OwnershipControls": "this machine has one user",
        "PublicAccessBlockConfiguration": "nothing here is public",
        "Tags": "tags are not kept",
    },
)
def bucket(site: Site, resource: Resource) -> Address:
    # A bucket's name is lower-case and unique in the world, so CloudFormation invents one with both properties.
    name = resource.name("BucketName", 63).lower()
    client = site.service("s3")
    elsewhere = (
        {"CreateBucketConfiguration": {"LocationConstraint": site.region}}
        if site.region != "us-east-1"
        else {}
    )
    client.create_bucket(Bucket=name, **elsewhere)
    if resource.get("VersioningConfiguration", {}).get("Status") == "Enabled":
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    inside = "NotificationConfiguration"
    told = resource.only(resource.get(inside, {}), "EventBridgeConfiguration", inside)
    announces = bool(told.get("EventBridgeConfiguration", {}).get("EventBridgeEnabled", bool(told)))
    arn = f"arn:{site.partition}:s3:::{name}"
    site.inventory.buckets[arn] = Bucket(name, arn, announces)
    host = f"{name}.s3.{site.url_suffix}"
    return Address(
        name,
        {"Arn": arn, "DomainName": host, "RegionalDomainName": host.replace(".s3.", f".s3.{site.region}.")},
    )


@realises("AWS::S3::BucketPolicy", "Bucket PolicyDocument")
def bucket_policy(site: Site, resource: Resource) -> Address:
    arn = f"arn:{site.partition}:s3:::{resource.need('Bucket')}"
    read = statements(resource.need("PolicyDocument"), resource.where)
    site.inventory.resource_statements.setdefault(arn, []).extend(read)
    return Address(resource.logical_id)
