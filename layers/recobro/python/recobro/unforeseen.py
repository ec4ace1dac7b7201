"""What nobody foresaw fails loudly and names nobody: an error's text may hold what a person wrote, and Lambda logs what escapes."""

from collections.abc import Iterator
from contextlib import contextmanager

from recobro.errors import InvariantBroken, RecobroError


@contextmanager
def untold() -> Iterator[None]:
    """Around a whole request: its own errors pass, any other fails the function as InvariantBroken, without its text."""
    try:
        yield
    except RecobroError:
        raise
    except Exception as error:
        raise InvariantBroken(where_it_broke(error)) from None


def where_it_broke(error: Exception) -> str:
    """ "KeyError in _form:86": what an error is, and the function and line that raised it."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_name}:{place.tb_lineno}" if place is not None else "nowhere"
    return f"{type(error).__name__} in {where}"
