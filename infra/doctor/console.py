"""The console: whether anybody of the agency can sign in, whether somebody may decide, and whether a password alone would do."""

from collections.abc import Iterator
from typing import Any

from infra.doctor.finding import Asked, Finding, note, ok, wrong
from recobro.domain.signed_in import AGENT, SUPERVISOR

HOW = "docs/deploying.md, People who sign in"


def check(asked: Asked) -> Iterator[Finding]:
    pool = asked.outputs.get("PeoplePool", "")
    if not asked.client.has_console or not asked.outputs:
        return
    if not pool:
        yield wrong(
            "console", "is asked for and not deployed", f"make deploy CLIENT={asked.client.name} opens it"
        )
        return
    cognito = asked.clients("cognito-idp")
    told = cognito.describe_user_pool(UserPoolId=pool)["UserPool"]
    if told.get("MfaConfiguration") != "ON":
        yield wrong(
            "console's second factor",
            f"is {told.get('MfaConfiguration', 'OFF')}: a password alone lets in",
            f"make deploy CLIENT={asked.client.name} asks everybody for it again",
        )
    yield from _people({group: _enabled(cognito, pool, group) for group in (SUPERVISOR, AGENT)}, pool)


def _people(groups: dict[str, int], pool: str) -> Iterator[Finding]:
    if not any(groups.values()):
        fix = f"aws cognito-idp admin-create-user and admin-add-user-to-group on {pool} ({HOW})"
        yield wrong("console", "nobody is in a group, so nobody gets in", fix)
        return
    yield ok("console", ", ".join(f"{count} of group {group}" for group, count in groups.items()))
    if not groups[SUPERVISOR]:
        fix = f"add one to the group {SUPERVISOR} ({HOW})"
        yield note("console's supervisors", "there is none: nobody decides on offers there", fix)


def _enabled(cognito: Any, pool: str, group: str) -> int:
    """How many may sign in."""
    pages = cognito.get_paginator("list_users_in_group").paginate(UserPoolId=pool, GroupName=group)
    return sum(bool(user.get("Enabled")) for page in pages for user in page["Users"])
