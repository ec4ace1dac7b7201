"""One client's deployment: the shared resources, then one function per row of the table with whatever starts it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from aws_cdk import CfnOutput, Environment, Stack, Tags
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.stack.alarms import Alarms
from infra.stack.bucket import files_bucket
from infra.stack.carriers import configuration_sets
from infra.stack.dashboard import dashboard
from infra.stack.domain import own_domain
from infra.stack.evidence_key import evidence_key
from infra.stack.functions import function
from infra.stack.http import public_api, route
from infra.stack.layers import shared_layers
from infra.stack.names import titled
from infra.stack.parts import Parts
from infra.stack.permissions import environment, statements
from infra.stack.queues import queue_of
from infra.stack.rows import OnFiles, OnHours, OnLedger, OnMorning, OnRoutes, OnSweep, Row
from infra.stack.schedules import schedule, scheduler_role
from infra.stack.secret import root_secret
from infra.stack.settings import ClientSettings
from infra.stack.sources import read_ledger, read_queue
from infra.stack.table import standing_table
from infra.stack.topics import carrier_topics, subscribe


class ClientStack(Stack):
    """`recobro-<client>`. Holds only what the client's file switches on."""

    def __init__(
        self, scope: Construct, client: ClientSettings, rows: Sequence[Row], functions_folder: Path
    ) -> None:
        prefix = f"recobro-{client.name}"
        super().__init__(
            scope,
            prefix,
            description=f"Recobro for {client.name}: reminders of what is owed and ways to pay it",
            env=Environment(region=client.region),
        )
        Tags.of(self).add("app", "recobro")
        Tags.of(self).add("client", client.name)
        self._client = client
        self._prefix = prefix
        self._functions_folder = functions_folder

        present = [row for row in rows if row.present(client)]
        self._pairs = {row.queue: queue_of(self, row, prefix) for row in present if row.queue}
        self._topics = carrier_topics(self, client, prefix)
        self._http = public_api(self, prefix, client.log_retention_days)
        self.parts = Parts(
            client=client,
            table=standing_table(self, client),
            bucket=files_bucket(self),
            secret=root_secret(self, prefix),
            queues={name: pair.queue for name, pair in self._pairs.items()},
            public_url=client.public_url or self._http.api_endpoint,
        )
        self._layers = shared_layers(self, client.folder, prefix)
        self._scheduler_role = scheduler_role(self, prefix)
        self._alarms = Alarms(self, prefix, client.alarm_email)

        sweeps: dict[str, lambda_.Function] = {}
        for row in present:
            made = self._function(row)
            self._start(row, made)
            if isinstance(row.starts, OnSweep):
                sweeps[row.name] = made
        configuration_sets(self, client, self._topics)
        self._alarms.on_dead_letters(self._pairs)
        self._watch_counts(sweeps)
        self._tell()

    def _function(self, row: Row) -> lambda_.Function:
        name = row.name
        own = environment(row.may, self.parts)
        common = {
            "CLIENT_DIR": "/opt/client",
            "LOG_LEVEL": "INFO",
            "POWERTOOLS_SERVICE_NAME": name,
            "POWERTOOLS_METRICS_NAMESPACE": "Recobro",
        }
        return function(
            self,
            row,
            prefix=self._prefix,
            folder=self._functions_folder / name,
            layers=self._layers,
            environment=common | own,
            statements=statements(row.may, self.parts),
            log_days=self._client.log_retention_days,
        )

    def _start(self, row: Row, started: lambda_.Function) -> None:
        """Connect what starts the row's function, and the alarm that belongs to it."""
        if row.queue:
            self._read(row, started)
        match row.starts:
            case OnFiles(prefix=under):
                self._watch(under, row)
            case OnSweep() | OnMorning() | OnHours():
                schedule(self, row, started, self._client, self._scheduler_role, self._prefix)
                if not isinstance(row.starts, OnMorning):  # the sweeps judge whatever the morning missed
                    self._alarms.on_errors(row.name, started)
            case OnRoutes():
                route(self._http, row, started)
                self._alarms.on_errors(row.name, started)
            case OnLedger():
                read_ledger(started, row, self.parts.table, self.parts.bucket)
                self._alarms.on_late_journal(started)

    def _read(self, row: Row, started: lambda_.Function) -> None:
        queue = self._pairs[str(row.queue)].queue
        channel = next((grant.on for grant in row.may if grant.kind == "carrier"), None)
        at_once = self._client.at_once(channel) if channel else row.within.at_once
        read_queue(started, row, queue, at_once)
        subscribe(row, self._topics, queue)

    def _watch(self, under: str, row: Row) -> None:
        """A file that lands under the prefix becomes a message; S3 promises at least one."""
        rule = events.Rule(
            self,
            f"{titled(row.name)}Rule",
            rule_name=f"{self._prefix}-{row.name}",
            description=f"A file landed under {under}",
            event_pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={
                    "bucket": {"name": [self.parts.bucket.bucket_name]},
                    "object": {"key": [{"prefix": under}]},
                },
            ),
        )
        rule.add_target(targets.SqsQueue(self._pairs[str(row.queue)].queue))

    def _watch_counts(self, sweeps: Mapping[str, lambda_.Function]) -> None:
        """What is counted over all functions, and, where it is wanted, a page that shows it."""
        client = self._client
        self._alarms.on_silence(sweeps, client.name)
        self._alarms.on_refusals(client.name)
        self._alarms.on_counts(client.name, has_gateway=bool(client.gateways))
        if client.sends("email"):
            self._alarms.on_reputation(client.channels["email"].configuration_set)
        if client.has_dashboard:
            dashboard(self, self._prefix, client, self._pairs, self._alarms)

    def _tell(self) -> None:
        """What the `recobro` command and `infra/connect.py` look up in the deployed stack."""
        told = {
            "TableName": self.parts.table.table_name,
            "BucketName": self.parts.bucket.bucket_name,
            "SecretArn": self.parts.secret.secret_arn,
            "PublicUrl": self.parts.public_url,
            "AlarmsTopic": self._alarms.topic.topic_arn,
            **({"DomainTarget": target} if (target := own_domain(self, self._http, self._client)) else {}),
            **({"EvidenceKeyArn": evidence_key(self).key_arn} if self._client.signs_evidence else {}),
            **{f"{titled(name)}Topic": topic.topic_arn for name, topic in self._topics.items()},
        }
        for name, value in told.items():
            CfnOutput(self, f"{name}Output", value=value, key=name)
