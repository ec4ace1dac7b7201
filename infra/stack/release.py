"""How a release reaches people: a tenth of the work first, and back by itself when an alarm rings.

Everything that starts a function starts its alias, `live`. A deployment makes a new version of the function and CodeDeploy moves the
alias to it. Two versions then run at once, which state and messages are made for (infra/decisions/0020, 0033). What plans
(the sweeps, the morning) changes over in one step, so that one strategy at a time is the active one. Aliases and CodeDeploy for
Lambda cost nothing.
"""

from collections.abc import Sequence

from aws_cdk import CfnCodeDeployLambdaAliasUpdate, CfnUpdatePolicy
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from infra.stack.life import Life
from infra.stack.names import titled
from infra.stack.rows import OnHours, OnMorning, OnSweep, Row

ALIAS = "live"
CONFIGURATIONS = {
    "canary10percent5minutes": "CodeDeployDefault.LambdaCanary10Percent5Minutes",
    "all_at_once": "CodeDeployDefault.LambdaAllAtOnce",
}
"""`operations.shift` → AWS's own configuration.

https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
"""


class Releases:
    """The application under which one client's functions are deployed, and the role by which their aliases are moved."""

    def __init__(self, stack: Life) -> None:
        self._stack = stack
        self._shift = stack.client.shift
        self._application = codedeploy.CfnApplication(
            stack, "Release", application_name=stack.prefix, compute_platform="Lambda"
        )
        self._role = iam.Role(
            stack,
            "ReleaseRole",
            description=f"Moves the aliases of {stack.prefix} from version to version, and nothing else",
            assumed_by=iam.ServicePrincipal(
                "codedeploy.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": stack.account}},
            ),
        )
        # AWS's own managed policy for this reaches every function of the account, and S3 and SNS besides.
        self._role.add_to_policy(iam.PolicyStatement(actions=["cloudwatch:DescribeAlarms"], resources=["*"]))

    def live(self, row: Row, function: lambda_.Function, alarms: Sequence[str]) -> lambda_.Alias:
        """The row's alias, moved as the client's file says; alarms: names of those that take a release back."""
        alias = lambda_.Alias(
            self._stack, f"{titled(row.name)}Live", alias_name=ALIAS, version=function.current_version
        )
        self._role.add_to_policy(
            iam.PolicyStatement(
                actions=["lambda:GetAlias", "lambda:UpdateAlias", "lambda:GetProvisionedConcurrencyConfig"],
                resources=[function.function_arn, f"{function.function_arn}:{ALIAS}"],
            )
        )
        group = self._group(row, alarms)
        resource = alias.node.default_child
        if not isinstance(resource, lambda_.CfnAlias):
            raise TypeError("an Alias's default child is its CfnAlias")
        resource.cfn_options.update_policy = CfnUpdatePolicy(
            code_deploy_lambda_alias_update=CfnCodeDeployLambdaAliasUpdate(
                application_name=self._application.ref, deployment_group_name=group.ref
            )
        )
        return alias

    def _group(self, row: Row, alarms: Sequence[str]) -> codedeploy.CfnDeploymentGroup:
        watched = list(alarms) if self._shift != "all_at_once" else []
        shift = "all_at_once" if isinstance(row.starts, OnSweep | OnMorning | OnHours) else self._shift
        group = codedeploy.CfnDeploymentGroup(
            self._stack,
            f"{titled(row.name)}Release",
            application_name=self._application.ref,
            deployment_group_name=f"{self._stack.prefix}-{row.name}",
            service_role_arn=self._role.role_arn,
            deployment_config_name=CONFIGURATIONS[shift],
            deployment_style=codedeploy.CfnDeploymentGroup.DeploymentStyleProperty(
                deployment_type="BLUE_GREEN", deployment_option="WITH_TRAFFIC_CONTROL"
            ),
            auto_rollback_configuration=codedeploy.CfnDeploymentGroup.AutoRollbackConfigurationProperty(
                enabled=True,
                events=["DEPLOYMENT_FAILURE", *(["DEPLOYMENT_STOP_ON_ALARM"] if watched else [])],
            ),
            alarm_configuration=codedeploy.CfnDeploymentGroup.AlarmConfigurationProperty(
                enabled=bool(watched),
                alarms=[codedeploy.CfnDeploymentGroup.AlarmProperty(name=name) for name in watched],
            ),
        )
        group.node.add_dependency(self._role)
        return group
