"""The small service models that are shipped ask AWS for exactly the same as the whole ones."""

import ast
import re
from typing import Any

import botocore.session
import pytest
from botocore.model import ServiceModel, Shape

from infra.packing.slim import OPERATIONS, SERVICES, trimmed
from tests.sample import ROOT

ADAPTERS = ROOT / "layers/recobro/python/recobro"


def whole(service: str) -> dict[str, Any]:
    model: dict[str, Any] = (
        botocore.session.get_session().get_component("data_loader").load_service_model(service, "service-2")
    )
    return model


def tree(shape: Shape | None, seen: tuple[str, ...] = ()) -> Any:
    """A shape's structure, prose left aside."""
    if shape is None or shape.name in seen:
        return None
    seen = (*seen, shape.name)
    within: Any = None
    if shape.type_name == "structure":
        within = {name: tree(one, seen) for name, one in shape.members.items()}  # type: ignore[attr-defined]
    elif shape.type_name == "list":
        within = tree(shape.member, seen)  # type: ignore[attr-defined]
    elif shape.type_name == "map":
        within = (tree(shape.key, seen), tree(shape.value, seen))  # type: ignore[attr-defined]
    return (shape.name, shape.type_name, dict(shape.serialization), dict(shape.metadata), within)


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_a_trimmed_model_serialises_parses_and_fails_like_the_whole_one(service: str) -> None:
    model = whole(service)
    small, full = ServiceModel(trimmed(model, OPERATIONS[service])), ServiceModel(model)

    assert set(small.operation_names) == set(OPERATIONS[service])
    assert small.metadata == full.metadata
    for name in OPERATIONS[service]:
        ours, theirs = small.operation_model(name), full.operation_model(name)
        assert (ours.http, ours.endpoint, ours.static_context_parameters) == (
            theirs.http,
            theirs.endpoint,
            theirs.static_context_parameters,
        )
        assert tree(ours.input_shape) == tree(theirs.input_shape)
        assert tree(ours.output_shape) == tree(theirs.output_shape)
        assert [tree(one) for one in ours.error_shapes] == [tree(one) for one in theirs.error_shapes]


def test_every_operation_that_the_code_asks_for_is_in_the_trimmed_models() -> None:
    known = {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() for names in OPERATIONS.values() for name in names}
    known |= {"send_whatsapp_message"}  # botocore spells this one itself
    verbs = (
        "get_",
        "put_",
        "update_",
        "query",
        "batch_",
        "send_",
        "head_",
        "publish",
        "delete_",
        "list_",
        "describe_",
        "converse",
    )
    asked = set()
    for path in ADAPTERS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Attribute)
                and node.value.attr in {"_client", "_sqs"}
            ):
                asked.add(node.attr)
            elif (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and node.value.endswith(("_item", "_object"))
            ):
                asked.add(node.value)
    asked = {name for name in asked if name.startswith(verbs)}

    assert asked
    assert asked - known == set()
