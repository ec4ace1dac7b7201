"""What is on its way: queues with what failed behind them, and the topics on which carriers report."""

from collections.abc import Sequence

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from infra.stack.carriers import configuration_sets
from infra.stack.data_stack import DataStack
from infra.stack.life import Life
from infra.stack.names import titled
from infra.stack.queues import queue_of
from infra.stack.rows import OnFiles, Row
from infra.stack.topics import carrier_topics, subscribe


class MessagingStack(Life):
    """One queue for each function that reads one; a function that is rolled back finds its messages where they were."""

    def __init__(self, scope: Construct, data: DataStack, rows: Sequence[Row]) -> None:
        super().__init__(scope, data.client, "messaging")
        self.queues = {row.queue: queue_of(self, row, self.prefix) for row in rows if row.queue}
        topics = carrier_topics(self, self.client, self.prefix)
        for row in rows:
            if row.queue:
                subscribe(row, topics, self.queues[row.queue])
            if isinstance(row.starts, OnFiles):
                self._watch(data, row.starts.prefix, row)
        configuration_sets(self, self.client, topics)
        self.tell({f"{titled(name)}Topic": topic.topic_arn for name, topic in topics.items()})

    def _watch(self, data: DataStack, under: str, row: Row) -> None:
        """A file that lands under the prefix becomes a message; S3 promises at least one."""
        rule = events.Rule(
            self,
            f"{titled(row.name)}Rule",
            rule_name=f"{self.prefix}-{row.name}",
            description=f"A file landed under {under}",
            event_pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={
                    "bucket": {"name": [data.bucket.bucket_name]},
                    "object": {"key": [{"prefix": under}]},
                },
            ),
        )
        rule.add_target(targets.SqsQueue(self.queues[str(row.queue)]))
