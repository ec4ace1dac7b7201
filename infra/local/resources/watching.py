"""What only watches: logs, alarms and dashboards, which have nobody to tell on this machine."""

from infra.local.realise import Resource, Site, stands_idle
from infra.local.template import Address


def _log_group(site: Site, resource: Resource) -> Address:
    name = resource.name("LogGroupName", 512)
    return Address(name, {"Arn": f"{site.arn('logs', f'log-group:{name}')}:*"})


def _alarm(site: Site, resource: Resource) -> Address:
    name = resource.name("AlarmName", 255)
    return Address(name, {"Arn": site.arn("cloudwatch", f"alarm:{name}")})


stands_idle("AWS::Logs::LogGroup", "handlers log to this process", _log_group)
stands_idle("AWS::Logs::MetricFilter", "logs are not measured here")
stands_idle("AWS::CloudWatch::Alarm", "nobody is paged from this machine", _alarm)
stands_idle("AWS::CloudWatch::CompositeAlarm", "nobody is paged from this machine", _alarm)
stands_idle("AWS::CloudWatch::Dashboard", "there is no console to show it on")
stands_idle("AWS::CDK::Metadata", "tells AWS which constructs were used")
stands_idle("AWS::CodeDeploy::Application", "what is staged runs at once on this machine")
stands_idle("AWS::CodeDeploy::DeploymentGroup", "there is no version before it to shift from")
