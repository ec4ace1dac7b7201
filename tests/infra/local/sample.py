"""A small deployment written by hand, so that each promise of the local runtime is shown on a template of a few lines."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra.local.functions import Context
from infra.local.system import LocalSystem

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""A Monday."""

ACCOUNT = "111122223333"
REGION = "us-east-1"

Play = Callable[[Any, Context], Any]

PLAYS: dict[str, Play] = {}
"""What each function of the sample does when it is invoked, by its name."""

HEARD: list[Any] = []
"""Every event that a function of the sample was invoked with, in order."""

HANDLER = """
from tests.infra.local.sample import play

def handler(event, context):
    return play(event, context)
"""


def play(event: Any, context: Context) -> Any:
    """The handler of every function of the sample."""
    HEARD.append(event)
    chosen = PLAYS.get(context.function_name)
    return chosen(event, context) if chosen else None


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def allow(actions: str, *resources: Any, **more: Any) -> dict[str, Any]:
    """A statement; actions between spaces."""
    return {"Effect": "Allow", "Action": actions.split(), "Resource": list(resources), **more}


class Sample:
    """Collects resources and writes them as `cdk synth` would."""

    def __init__(self, folder: Path, name: str = "sample") -> None:
        self.folder = folder
        self.name = name
        self.resources: dict[str, Any] = {}
        self.template: dict[str, Any] = {"Resources": self.resources}
        self._files: dict[str, Any] = {}

    def add(self, logical_id: str, type_name: str, **properties: Any) -> str:
        self.resources[logical_id] = {"Type": type_name, "Properties": properties}
        return logical_id

    def asset(self, name: str, files: dict[str, str]) -> dict[str, str]:
        """A staged folder, as Code or Content names it."""
        for path, text in files.items():
            target = self.folder / f"asset.{name}" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        self._files[name] = {
            "source": {"path": f"asset.{name}", "packaging": "zip"},
            "destinations": {"here": {"bucketName": "assets", "objectKey": f"{name}.zip"}},
        }
        return {"S3Bucket": "assets", "S3Key": f"{name}.zip"}

    def function(
        self, name: str, *statements: dict[str, Any], source: str = HANDLER, **properties: Any
    ) -> str:
        """A function with a role of its own that holds the statements."""
        trust = {
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": "sts:AssumeRole",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                }
            ]
        }
        policies = (
            [{"PolicyName": "own", "PolicyDocument": {"Statement": list(statements)}}] if statements else []
        )
        self.add(f"{name}Role", "AWS::IAM::Role", AssumeRolePolicyDocument=trust, Policies=policies)
        self.add(
            name,
            "AWS::Lambda::Function",
            **{
                "FunctionName": name,
                "Runtime": "python3.13",
                "Handler": "handler.handler",
                "Role": {"Fn::GetAtt": [f"{name}Role", "Arn"]},
                "Code": self.asset(name, {"handler.py": source}),
                "Timeout": 30,
                **properties,
            },
        )
        return name

    def queue(self, name: str, **properties: Any) -> str:
        return self.add(name, "AWS::SQS::Queue", QueueName=name, **properties)

    def worker(
        self, queue: str = "jobs", function: str = "work", *statements: dict[str, Any], **source: Any
    ) -> None:
        """A queue, its dead-letter queue, and the function that it starts."""
        self.queue(f"{queue}-dead")
        redrive = {"deadLetterTargetArn": {"Fn::GetAtt": [f"{queue}-dead", "Arn"]}, "maxReceiveCount": 3}
        self.queue(queue, VisibilityTimeout=60, RedrivePolicy=redrive)
        reads = allow(
            "sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes", {"Fn::GetAtt": [queue, "Arn"]}
        )
        self.function(function, reads, *statements)
        self.add(
            f"{function}Source",
            "AWS::Lambda::EventSourceMapping",
            EventSourceArn={"Fn::GetAtt": [queue, "Arn"]},
            FunctionName={"Ref": function},
            **{"BatchSize": 10, "FunctionResponseTypes": ["ReportBatchItemFailures"], **source},
        )

    def table(self, name: str = "ledger", **properties: Any) -> str:
        keys = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
        attributes = [{"AttributeName": key["AttributeName"], "AttributeType": "S"} for key in keys]
        return self.add(
            name,
            "AWS::DynamoDB::Table",
            **{
                "TableName": name,
                "KeySchema": keys,
                "AttributeDefinitions": attributes,
                "BillingMode": "PAY_PER_REQUEST",
                "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
                "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": True},
                **properties,
            },
        )

    def follower(
        self, function: str = "follow", table: str = "ledger", *statements: dict[str, Any], **source: Any
    ) -> None:
        """A function that a table's stream starts."""
        stream = {"Fn::GetAtt": [table, "StreamArn"]}
        reads = allow("dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator", stream)
        self.function(function, reads, allow("dynamodb:ListStreams", "*"), *statements)
        self.add(
            f"{function}Source",
            "AWS::Lambda::EventSourceMapping",
            EventSourceArn=stream,
            FunctionName={"Ref": function},
            **{
                "StartingPosition": "TRIM_HORIZON",
                "FunctionResponseTypes": ["ReportBatchItemFailures"],
                **source,
            },
        )

    def lets_send(self, queue: str, service: str, source: Any) -> None:
        """A policy that lets an AWS service send to a queue."""
        statement = {
            "Effect": "Allow",
            "Action": "sqs:SendMessage",
            "Resource": {"Fn::GetAtt": [queue, "Arn"]},
            "Principal": {"Service": service},
            "Condition": {"ArnEquals": {"aws:SourceArn": source}},
        }
        self.add(
            f"{queue}Policy{len(self.resources)}",
            "AWS::SQS::QueuePolicy",
            PolicyDocument={"Statement": [statement]},
            Queues=[{"Ref": queue}],
        )

    def schedule(self, expression: str, zone: str = "UTC", target: str = "work", **properties: Any) -> None:
        """A schedule that invokes a function, and the role that lets it."""
        target_arn = {"Fn::GetAtt": [target, "Arn"]}
        invoke = {
            "PolicyName": "own",
            "PolicyDocument": {"Statement": [allow("lambda:InvokeFunction", target_arn)]},
        }
        self.add("clockRole", "AWS::IAM::Role", AssumeRolePolicyDocument={"Statement": []}, Policies=[invoke])
        started = {"Arn": target_arn, "RoleArn": {"Fn::GetAtt": ["clockRole", "Arn"]}}
        self.add(
            "clock",
            "AWS::Scheduler::Schedule",
            **{
                "ScheduleExpression": expression,
                "ScheduleExpressionTimezone": zone,
                "FlexibleTimeWindow": {"Mode": "OFF"},
                "Target": {**started, "Input": json.dumps({"lane": "overdue"})},
                **properties,
            },
        )

    def api(self, *routes: str, function: str = "page") -> None:
        """An HTTP API whose routes all lead to one function."""
        self.function(function)
        self.add("api", "AWS::ApiGatewayV2::Api", Name="api", ProtocolType="HTTP")
        self.add(
            "stage", "AWS::ApiGatewayV2::Stage", ApiId={"Ref": "api"}, StageName="$default", AutoDeploy=True
        )
        self.add(
            "integration",
            "AWS::ApiGatewayV2::Integration",
            ApiId={"Ref": "api"},
            IntegrationType="AWS_PROXY",
            IntegrationUri={"Fn::GetAtt": [function, "Arn"]},
            PayloadFormatVersion="2.0",
        )
        for at, key in enumerate(routes):
            target = {"Fn::Join": ["/", ["integrations", {"Ref": "integration"}]]}
            self.add(
                f"route{at}", "AWS::ApiGatewayV2::Route", ApiId={"Ref": "api"}, RouteKey=key, Target=target
            )
        self.add(
            "mayCall",
            "AWS::Lambda::Permission",
            Action="lambda:InvokeFunction",
            FunctionName={"Ref": function},
            Principal="apigateway.amazonaws.com",
            SourceArn={"Fn::Sub": "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${api}/*"},
        )

    def write(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{self.name}.template.json").write_text(json.dumps(self.template))
        (self.folder / f"{self.name}.assets.json").write_text(json.dumps({"files": self._files}))
        return self.folder

    @contextmanager
    def running(self, **wishes: Any) -> Iterator[LocalSystem]:
        """The deployment, alive."""
        with LocalSystem.boot(self.write(), **{"start": START, "seed": 1, **wishes}) as system:
            yield system
