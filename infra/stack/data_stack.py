"""What a client's evidence is made of: no deployment of anything else can reach it, and no rollback either."""

from aws_cdk import Fn
from constructs import Construct

from infra.stack.bucket import files_bucket
from infra.stack.evidence_key import evidence_key
from infra.stack.life import Life
from infra.stack.people import People
from infra.stack.secret import root_secret
from infra.stack.settings import ClientSettings
from infra.stack.table import standing_table

FILES_ARN = "BucketArn"


class DataStack(Life):
    """The ledger, the files, the root key and, where the client's file asks for them, the key of the evidence and who may sign in."""

    def __init__(self, scope: Construct, client: ClientSettings) -> None:
        super().__init__(scope, client, "data", is_kept=True)
        self.table = standing_table(self, client)
        self.bucket = files_bucket(self)
        self.secret = root_secret(self, self.prefix)
        self.people = People(self, client, self.prefix) if client.has_console else None
        self.tell(
            {
                "TableName": self.table.table_name,
                "BucketName": self.bucket.bucket_name,
                FILES_ARN: self.bucket.bucket_arn,
                "SecretArn": self.secret.secret_arn,
                **({"EvidenceKeyArn": evidence_key(self).key_arn} if client.signs_evidence else {}),
                **(self.people.outputs() if self.people is not None else {}),
            }
        )

    @property
    def files_arn(self) -> str:
        """The bucket's, by an output that we named ourselves, as the findings that stand name it too (acknowledged.py)."""
        return Fn.get_stack_output(self.stack_name, FILES_ARN)
