"""From a client's name to the template that deploys it, refused when it breaks a rule of cdk-nag without a written reason."""

import json
import os
from collections.abc import Sequence

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from infra.repository import FUNCTIONS, ROOT, client_folder
from infra.stack.acknowledged import acknowledge, acknowledge_agency
from infra.stack.agency_stack import AgencyStack
from infra.stack.client_stacks import client_stacks
from infra.stack.neighbours import check_neighbours
from infra.stack.rows import Row
from infra.stack.settings import client_settings


def synthesise_from_environment(rows: Sequence[Row]) -> None:
    """Write the assembly of the client that `-c client=` or CLIENT names; `demo` when neither does."""
    app = App(context=_context(), analytics_reporting=False)
    name = app.node.try_get_context("client") or os.environ.get("CLIENT", "demo")
    folder = client_folder(str(name))
    settings = client_settings(folder / "client.toml")
    check_neighbours(folder)
    stacks = client_stacks(app, settings, rows, FUNCTIONS)
    acknowledge(stacks, settings.second_reader)
    if settings.scope_table:
        acknowledge_agency(AgencyStack(app, settings))
    Validations.of(app).add_plugins(AwsSolutionsChecks())
    app.synth()


def _context() -> dict[str, object]:
    """The feature flags of `cdk.json`. The CDK command passes them by itself; plain `python -m infra.app` does not."""
    if "CDK_CONTEXT_JSON" in os.environ:
        return {}
    context: dict[str, object] = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    return context
