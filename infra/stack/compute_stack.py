"""What is replaced at every release: one function per row of the table, and whatever starts it."""

from collections.abc import Sequence
from pathlib import Path

from aws_cdk import aws_apigatewayv2 as api
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.stack.data_stack import DataStack
from infra.stack.edge_stack import EdgeStack
from infra.stack.functions import function
from infra.stack.http import route, stage
from infra.stack.layers import shared_layers
from infra.stack.life import Life
from infra.stack.messaging_stack import MessagingStack
from infra.stack.parts import Parts
from infra.stack.permissions import environment, statements
from infra.stack.release import Releases
from infra.stack.rows import OnHours, OnLedger, OnMorning, OnRoutes, OnSweep, Row
from infra.stack.schedules import schedule, scheduler_role
from infra.stack.sources import read_ledger, read_queue
from infra.stack.watch_stack import WatchStack


class ComputeStack(Life):
    """Layers, functions with their roles and logs, event sources, schedules, and routes with their limits.

    Its output `Release` is the layer that holds our code and the client's folder: which of its versions runs.
    """

    def __init__(
        self,
        scope: Construct,
        data: DataStack,
        messaging: MessagingStack,
        edge: EdgeStack,
        watch: WatchStack,
        rows: Sequence[Row],
        functions_folder: Path,
    ) -> None:
        super().__init__(scope, data.client, "compute")
        self._functions_folder = functions_folder
        self._http = edge.http
        self._routes: list[api.HttpRoute] = []
        self.parts = Parts(
            client=self.client,
            table=data.table,
            bucket=data.bucket,
            files_arn=data.files_arn,
            secret=data.secret,
            queues=messaging.queues,
            public_url=edge.public_url,
            people=data.people,
        )
        self._layers = shared_layers(self, self.client.folder, self.prefix)
        self._scheduler_role = scheduler_role(self, self.prefix)
        releases = Releases(self)
        for row in rows:
            made = self._function(row)
            self._start(row, made, releases.live(row, made, watch.alarms.taking_back(row)))
        stage(self, edge.http, self._routes, rows, self.client, edge.log)
        self.tell({"Release": self._layers[-1].layer_version_arn})

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
            prefix=self.prefix,
            folder=self._functions_folder / name,
            layers=self._layers,
            environment=common | own,
            statements=statements(row.may, self.parts),
            log_days=self.client.log_retention_days,
            has_traces=self.client.has_traces,
        )

    def _start(self, row: Row, made: lambda_.Function, live: lambda_.Alias) -> None:
        """Connect what starts the row's function: always by its alias, so that it moves from version to version unseen."""
        if row.queue:
            channel = next((grant.on for grant in row.may if grant.kind == "carrier"), None)
            at_once = self.client.at_once(channel) if channel else row.within.at_once
            read_queue(made, live, row, self.parts.queues[row.queue], at_once)
        match row.starts:
            case OnSweep() | OnMorning() | OnHours():
                schedule(self, row, live, self.client, self._scheduler_role, self.prefix)
            case OnRoutes():
                self._routes += route(self, self._http, row, live)
            case OnLedger():
                read_ledger(made, live, row, self.parts.table, self.parts.files_arn)
