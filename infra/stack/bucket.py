"""Where portfolios arrive and results leave, and where every strategy, law pack and template that was used is kept."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

LIFETIMES = {
    "inbox/": 30,
    "work/": 14,
    "results/": 90,
    "proofs/": 400,
    "journal/": 45,
    "heard/": 3660,
    "letters/": 3660,
}
"""Days that files with people's data stay; a proof of payment as long as the payment may be questioned; what was said, and the
creditor's word that a debt is paid, ten years, the longest that a law pack asks for; the history's copy ten more than a table can be
restored back to. `strategies/` (evidence) and what the journal could not write stay for good."""

ACCESS_LOG_DAYS = 90
OVERWRITTEN_DAYS = 30


def files_bucket(scope: Construct) -> s3.Bucket:
    """The client's files: private, encrypted with S3's own key, versioned against a wrong overwrite, reads logged."""
    logs = s3.Bucket(
        scope,
        "AccessLogs",
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        encryption=s3.BucketEncryption.S3_MANAGED,
        enforce_ssl=True,
        removal_policy=RemovalPolicy.RETAIN,
        lifecycle_rules=[s3.LifecycleRule(id="access", expiration=Duration.days(ACCESS_LOG_DAYS))],
    )
    bucket = s3.Bucket(
        scope,
        "Files",
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        encryption=s3.BucketEncryption.S3_MANAGED,
        enforce_ssl=True,
        versioned=True,
        server_access_logs_bucket=logs,
        server_access_logs_prefix="files/",
        removal_policy=RemovalPolicy.RETAIN,
        lifecycle_rules=[
            s3.LifecycleRule(
                id="overwritten",
                noncurrent_version_expiration=Duration.days(OVERWRITTEN_DAYS),
                abort_incomplete_multipart_upload_after=Duration.days(1),
                expired_object_delete_marker=True,
            ),
            *(
                s3.LifecycleRule(id=prefix.rstrip("/"), prefix=prefix, expiration=Duration.days(days))
                for prefix, days in LIFETIMES.items()
            ),
        ],
    )
    # CDK's own switch for this adds a custom resource with a function behind it; the property needs neither.
    resource = bucket.node.default_child
    if not isinstance(resource, s3.CfnBucket):
        raise TypeError("a Bucket's default child is its CfnBucket")
    resource.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
        event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(event_bridge_enabled=True)
    )
    return bucket
