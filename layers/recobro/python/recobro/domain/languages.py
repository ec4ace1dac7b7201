"""A person reads in their own language where we write it, as their country speaks it, and else in the client's."""

from collections.abc import Iterator

from recobro.domain.debtor import Profile
from recobro.domain.playbook import Playbook
from recobro.domain.template import Template
from recobro.errors import NotFound


def choose(playbook: Playbook, name: str, profile: Profile) -> tuple[str, Template]:
    """The template of that name in the nearest language, and its key. Raises NotFound."""
    for language in languages(profile, playbook.client.default_language):
        template = playbook.templates.get(f"{name}.{language}")
        if template is not None:
            return f"{name}.{language}", template
    raise NotFound(
        f"no template {name!r} in {profile.language!r}, nor in {playbook.client.default_language!r}"
    )


def languages(profile: Profile, default: str) -> Iterator[str]:
    """The person's language as spoken in the country, then as spoken anywhere, then the client's own likewise."""
    for language in dict.fromkeys((profile.language, profile.language.split("-")[0], default)):
        if language and "-" not in language and profile.country:
            yield f"{language}-{profile.country}"
        if language:
            yield language
