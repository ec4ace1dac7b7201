"""The reference that our own links carry: it finds its debtor without a look-up, and tells nothing of anybody."""

import re

_OURS = re.compile(r"(d[0-9a-f]{23})(?:-([0-9a-f]{12})(?:-([0-9a-z]{1,6}))?|:(.+))")


def reference_of(debtor_id: str, short: str, link: int = 1) -> str:
    """At most 44 characters of [A-Za-z0-9-], which every gateway takes. short: the debt's (`Keys.short_debt`). link: counts
    the debt's links, for gateways that want each reference once."""
    return f"{debtor_id}-{short}-{link}"


def read_reference(reference: str) -> tuple[str, str] | None:
    """(debtor id, the debt's short form, or its key where that is written out) of one of ours; None: a creditor's."""
    found = _OURS.fullmatch(reference.strip())
    return (found[1], found[2] or found[4]) if found else None


def is_of_a_link(reference: str) -> bool:
    """Whether it is of a link that we made: those ask for all that is due to one creditor, and name its oldest debt."""
    found = _OURS.fullmatch(reference.strip())
    return found is not None and found[3] is not None
