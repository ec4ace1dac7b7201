"""How the shape of a debtor's record moves from one release to the next and back, while functions of both run.

A change of shape takes two releases. The first reads the new shape and still writes the old (`written` one behind); the
second writes the new. Whoever rolls back from the second to the first migrates nothing. `recobro migrate` rewrites what lies
still, to drop a shape for good or to go back further (infra/decisions/0020).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from recobro.domain.debtor import SCHEMA
from recobro.errors import InvalidInput, InvariantBroken, Unavailable

Body = dict[str, Any]
"""What a record holds once inflated: "debtor", "pending", "contents"."""


@dataclass(frozen=True)
class Migration:
    """From schema `to` - 1 to `to`, and back. `there(back(body)) == body`: what the older shape has no place for, `back` puts
    where a reader of that shape passes it by and `there` finds it again.
    """

    to: int
    there: Callable[[Body], Body]
    back: Callable[[Body], Body]


@dataclass(frozen=True)
class Shape:
    """newest: the schema that this release's code works with. written: the one that its saves leave behind."""

    newest: int = SCHEMA
    written: int = SCHEMA
    migrations: Sequence[Migration] = ()

    @property
    def oldest(self) -> int:
        """The first schema that can be read, and gone back to."""
        return self.newest - len(self.migrations)

    def read(self, body: Body, schema: int) -> Body:
        """The body in the newest shape.

        Raises Unavailable for a shape that only a newer release knows: while it is being brought in, or taken back, its
        functions run beside ours, and the message that we leave comes to one of them. Raises InvariantBroken for one that
        no release leads from any more.
        """
        if schema > self.newest:
            raise Unavailable(f"schema {schema} is a newer release's; this one knows up to {self.newest}")
        if not self.oldest <= schema <= self.newest:
            known = f"{self.oldest} to {self.newest}" if self.migrations else str(self.newest)
            raise InvariantBroken(f"schema {schema} was written by another release; this one knows {known}")
        return self.moved(body, schema, self.newest)

    def moved(self, body: Body, schema: int, to: int) -> Body:
        """The body as schema `to` has it. Raises InvalidInput for a schema that nothing leads to."""
        if not self.oldest <= to <= self.newest:
            raise InvalidInput(
                "schema", f"is {to}", f"{self.oldest} to {self.newest}: deploy a release that knows it"
            )
        for one in sorted(self.migrations, key=lambda one: one.to):
            if schema < one.to <= to:
                body = one.there(body)
        for one in sorted(self.migrations, key=lambda one: -one.to):
            if to < one.to <= schema:
                body = one.back(body)
        return body


SHAPE = Shape()
"""This release's. A migration is added here, with `SCHEMA` in domain/debtor.py, and its law is tested by itself."""
