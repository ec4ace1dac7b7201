"""Where a command works: on this machine's kept state, or in a client's AWS account; the same commands, the same use cases."""

import argparse
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from recobro.errors import Conflict, InvalidInput, InvariantBroken, NotFound, RecobroError, Stale, Unavailable
from recobro.house import House


class Place(Protocol):
    """A client's deployment. shown: how to name it to people. is_immediate: `go_on` leaves nothing waiting.

    queues: name, without the client's prefix, → URL.
    """

    client: str
    shown: str
    house: House
    is_immediate: bool

    @property
    def queues(self) -> Mapping[str, str]: ...

    def invoke(self, function: str, event: Any) -> Any:
        """A function's answer. Raises the error that it failed with, in its family."""
        ...

    def go_on(self) -> None:
        """Let what waits in queues and streams be worked on for a moment."""
        ...


def failed_in(function: str, kind: str, message: str) -> RecobroError:
    """A function's failure in the family that its own error named; anything else is our fault."""
    if kind == "InvalidInput":
        return InvalidInput("EVENT", message, f"see the samples in events/{function}", function)
    families = {one.__name__: one for one in (NotFound, Conflict, Stale, Unavailable)}
    return families.get(kind, InvariantBroken)(f"{function}: {kind}: {message}")


Here = Callable[[], AbstractContextManager[Place]]
"""Opens the place that a command works in; a command that fails before it needs one never opens it."""


def shared_options(parser: argparse.ArgumentParser, *, has_place: bool = True, nested: bool = False) -> None:
    """`--json`, and where to work. nested: a parser within a command's; what it does not see, the outer one decides."""
    none: Any = argparse.SUPPRESS if nested else None
    as_json: Any = argparse.SUPPRESS if nested else False
    parser.add_argument(
        "--json", dest="as_json", action="store_true", default=as_json, help="print JSON, for machines"
    )
    if not has_place:
        return
    where = parser.add_argument_group("where")
    where.add_argument(
        "--client", default=none, metavar="NAME", help="a folder of infra/clients (CLIENT, else demo)"
    )
    where.add_argument(
        "--local", type=Path, default=none, metavar="DIR", help="state kept here (.recobro/state/<client>)"
    )
    where.add_argument(
        "--profile", default=none, metavar="NAME", help="an AWS profile: work on the deployed client"
    )
    where.add_argument(
        "--stack",
        default=none,
        metavar="NAME",
        help="what its stacks' names begin with, where it is not recobro-<client>",
    )
    where.add_argument(
        "--region", default=none, metavar="NAME", help="its Region, where it is not the profile's"
    )


@contextmanager
def place_of(arguments: argparse.Namespace, note: Callable[[str], None]) -> Iterator[Place]:
    """The place that the options name, open; local state is kept when the command ends well. note: hears what to know of it."""
    deployed = arguments.profile or arguments.stack or arguments.region
    if deployed and arguments.local:
        raise InvalidInput("--local", "and --profile or --stack were both given", "choose one place")
    if deployed:
        from infra.cli.deployed import Deployed
        from infra.cli.other_rules import tell_of_other_rules

        deployed_one = Deployed.of(_client(arguments), arguments.profile, arguments.stack, arguments.region)
        tell_of_other_rules(deployed_one.house, note)
        yield deployed_one
    else:
        from infra.cli.kept import kept

        with kept(_client(arguments), state_folder(arguments)) as place:
            yield place


def state_folder(arguments: argparse.Namespace) -> Path:
    """Where the local state of the named client is kept."""
    given: Path | None = arguments.local
    return given if given is not None else default_state(_client(arguments))


def default_state(client: str) -> Path:
    """Where the state of a client is kept when nobody says where."""
    from infra.repository import ROOT

    return ROOT / ".recobro" / "state" / Path(client).name


def client_files(assembly: Path) -> Path:
    """The client's folder as the synthesised layer ships it: what its functions decide with."""
    found = next(assembly.glob("asset.*/client/client.toml"), None)
    if found is None:
        raise InvalidInput("client", "its folder is in no layer of the template", "make synth", str(assembly))
    return found.parent


def _client(arguments: argparse.Namespace) -> str:
    stack = arguments.stack or ""
    named = stack.removeprefix("recobro-") if stack.startswith("recobro-") else ""
    return client_named(arguments.client or named)


def client_named(name: str | None) -> str:
    """The client that was named, else the one of the environment, else the demonstration."""
    return name or os.environ.get("CLIENT") or "demo"
