"""The key that signs what is exported as evidence: no function may use it, only people whom the account's owner lets sign."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from constructs import Construct


def evidence_key(scope: Construct) -> kms.Key:
    """RSA 2048: regulators' tools verify it everywhere. The private half never leaves KMS; its policy leaves it to IAM.

    Left behind when the stack goes: without it nobody could say whose signature stands on an old archive.
    """
    return kms.Key(
        scope,
        "EvidenceKey",
        description="Signs the evidence that operators export: grant kms:Sign and kms:GetPublicKey to whoever may",
        key_spec=kms.KeySpec.RSA_2048,
        key_usage=kms.KeyUsage.SIGN_VERIFY,
        removal_policy=RemovalPolicy.RETAIN,
    )
