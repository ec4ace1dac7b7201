"""What was said between a person and us, in the words in which it was said, from the history."""

from recobro.domain.chain import Recorded
from recobro.domain.debtor import Debtor
from recobro.domain.facts import AttemptClaimed, MessageReceived, TaskClosed
from recobro.domain.rendering import render
from recobro.domain.shared_caps import is_of_others
from recobro.errors import InvalidInput
from recobro.house import House
from recobro.pages.desk_thread import Said
from recobro.ports import Content

MOST = 12
"""Each is a read."""


def thread(house: House, debtor: Debtor, most: int = MOST) -> tuple[Said, ...]:
    """The last so many, newest first."""
    told = [
        one
        for one in house.ledger.history(debtor.id)
        if isinstance(one.fact, AttemptClaimed | MessageReceived)
        or (isinstance(one.fact, TaskClosed) and one.fact.note)
    ]
    own = [one for one in told if not is_of_others(one.fact)]
    return tuple(_said(house, debtor, one) for one in reversed(own[-most:]))


def _said(house: House, debtor: Debtor, one: Recorded) -> Said:
    digest = digest_of(one)
    content = house.ledger.content(debtor.id, digest) if digest else None
    words = words_of(house, content) if content is not None else ""
    match one.fact:
        case AttemptClaimed(attempt=made):
            now = debtor.attempt(made.id) or made
            return Said(one.at, "us", made.channel.value, now.status.value, words)
        case MessageReceived(channel=channel, whose="another"):
            return Said(one.at, "another", channel.value, "", words)
        case MessageReceived(channel=channel):
            return Said(one.at, "person", channel.value, "", words)
    return Said(one.at, "note", "", "", words)


def digest_of(one: Recorded) -> str:
    """What a fact was said with; empty where nothing was, or nothing is kept."""
    match one.fact:
        case AttemptClaimed(attempt=attempt):
            return attempt.content
        case MessageReceived(content=content):
            return content
        case TaskClosed(note=note):
            return note
    return ""


def words_of(house: House, content: Content) -> str:
    """The words again: of a person as they were kept, of ours rendered from template and variables."""
    if "body" in content.variables and not content.template_hash:
        return content.variables["body"]
    template = house.playbook.templates.get(content.template)
    known = house.playbook.hashes.get(f"template.{content.template}", "")
    if template is None or known != content.template_hash:
        return f"(template {content.template} {content.template_hash[:12]}, no longer the one deployed)"
    try:
        rendered = render(template, content.part, content.variables)
    except InvalidInput as error:
        return f"({error})"
    return "\n".join(part for part in (rendered.subject, rendered.text) if part)
