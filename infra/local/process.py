"""Lends this process to one deployment: its clock, its environment and boto3's default session, and takes them back after."""

from collections.abc import Mapping

import boto3

from infra.local.clock import Clock

NOWHERE = "http://127.0.0.1:9"
"""Where a client that was not made here would send its requests: to nobody, instead of over the network."""

_in_use = False


class Process:
    """Holds the process from `take` to `give_back`."""

    def __init__(self) -> None:
        self._session = boto3.DEFAULT_SESSION
        self._clock: Clock | None = None

    def take(self) -> None:
        """Raises RuntimeError when another deployment is alive: the clock and the emulated services are the process's."""
        global _in_use
        if _in_use:
            raise RuntimeError("another system is alive in this process; close it first")
        _in_use = True

    def lend(self, clock: Clock, session: boto3.Session) -> None:
        """From here on `boto3.client` asks this machine, and the time is the deployment's."""
        self._clock = clock
        boto3.DEFAULT_SESSION = session

    def give_back(self) -> None:
        """The process as it was."""
        global _in_use
        if self._clock is not None:
            self._clock.close()
        boto3.DEFAULT_SESSION = self._session
        _in_use = False


def lambda_environment(region: str) -> Mapping[str, str]:
    """The variables that Lambda sets for every function.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
    """
    return {
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SESSION_TOKEN": "local",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": NOWHERE,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "TZ": ":UTC",
    }
