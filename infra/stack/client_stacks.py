"""One client's deployment: its stacks in the order of their lives."""

from collections.abc import Sequence
from pathlib import Path

from constructs import Construct

from infra.stack.compute_stack import ComputeStack
from infra.stack.data_stack import DataStack
from infra.stack.edge_stack import EdgeStack
from infra.stack.life import Life
from infra.stack.messaging_stack import MessagingStack
from infra.stack.rows import Row
from infra.stack.settings import ClientSettings
from infra.stack.watch_stack import WatchStack


def client_stacks(
    scope: Construct, client: ClientSettings, rows: Sequence[Row], functions_folder: Path
) -> dict[str, Life]:
    """By life. They hold only what the client's file switches on."""
    present = [row for row in rows if row.present(client)]
    data = DataStack(scope, client)
    messaging = MessagingStack(scope, data, present)
    edge = EdgeStack(scope, client)
    watch = WatchStack(scope, client, present)
    compute = ComputeStack(scope, data, messaging, edge, watch, present, functions_folder)
    compute.add_stack_dependency(watch)
    return {"data": data, "messaging": messaging, "edge": edge, "watch": watch, "compute": compute}
