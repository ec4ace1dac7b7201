"""What wakes a person. It names what it watches and holds none of it, so that it is there before the functions are."""

from collections.abc import Sequence

from constructs import Construct

from infra.stack.alarms import Alarms
from infra.stack.dashboard import dashboard
from infra.stack.life import Life
from infra.stack.rows import OnHours, OnLedger, OnRoutes, OnSweep, Row
from infra.stack.settings import ClientSettings


class WatchStack(Life):
    """Every alarm, the topic on which they ring and, where the client's file asks for it, a page that shows them."""

    def __init__(self, scope: Construct, client: ClientSettings, rows: Sequence[Row]) -> None:
        super().__init__(scope, client, "watch")
        self.alarms = Alarms(self, self.prefix, client.alarm_email)
        queues = [row.queue for row in rows if row.queue]
        for row in rows:
            match row.starts:
                case OnSweep() | OnHours() | OnRoutes():  # the sweeps judge whatever the morning missed
                    self.alarms.on_errors(row.name)
                case OnLedger():
                    self.alarms.on_late_journal(row.name)
        self.alarms.on_dead_letters(queues)
        self.alarms.on_release()
        self.alarms.on_silence([row.name for row in rows if isinstance(row.starts, OnSweep)], client.name)
        self.alarms.on_refusals(client.name)
        self.alarms.on_counts(client.name, has_gateway=bool(client.gateways))
        if client.has_dashboard:
            dashboard(self, self.prefix, client, queues, self.alarms)
        self.tell({"AlarmsTopic": self.alarms.topic.topic_arn})
