"""The playbook as one JSON file: everything a decision and its words rest on, each piece with the hash by which it is kept."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from infra.locale_formats import locale_formats
from infra.playbook import (
    checks_client,
    checks_law,
    checks_phrases,
    checks_prompts,
    checks_strategy,
    checks_words,
    firewall,
    replies,
)
from infra.playbook.folder import CLIENT, Folder, read_folder
from infra.playbook.laws import calendars_of, packs_of
from recobro.domain.playbook import Playbook
from recobro.errors import InvalidInput
from recobro.playbook_file import FILE_NAME, addresses, canonical, to_file


@dataclass(frozen=True)
class Compiled:
    """What a folder amounts to. playbook: None while there are errors that keep it from being put together."""

    playbook: Playbook | None
    errors: list[InvalidInput] = field(default_factory=list)
    warnings: list[InvalidInput] = field(default_factory=list)


def inspect(folder: Path) -> Compiled:
    """Read and check everything, and say everything that is wrong, not only the first thing."""
    read, unread = read_folder(folder)
    if read is None:
        return Compiled(None, unread)
    try:
        playbook = assemble(read)
    except InvalidInput as error:
        return Compiled(None, [read.problem(CLIENT, error.field, error.problem, error.fix)])
    errors = [
        *checks_client.errors(read, playbook),
        *checks_strategy.errors(read, playbook),
        *checks_phrases.errors(read),
        *checks_words.errors(read),
        *checks_prompts.errors(read, playbook, folder),
        *replies.errors(read, playbook),
    ]
    warnings = [*checks_client.warnings(read, playbook), *checks_strategy.warnings(read, playbook)]
    if not errors:
        errors, costly = checks_law.findings(read, playbook)
        warnings += costly
    if not errors:
        errors = list(firewall.leaks(read, playbook))
    return Compiled(playbook, errors, warnings)


def compile_client(folder: Path) -> dict[str, Any]:
    """The playbook of `infra/clients/<client>/` as plain JSON. Raises the first InvalidInput; `inspect` tells all."""
    compiled = inspect(folder)
    if compiled.errors or compiled.playbook is None:
        raise compiled.errors[0]
    return to_file(compiled.playbook)


def write(folder: Path, target: Path) -> Path:
    """Compile `folder` into `target`/playbook.json, byte for byte the same for the same folder. Raises InvalidInput."""
    path = target / FILE_NAME
    path.write_text(
        json.dumps(compile_client(folder), ensure_ascii=False, separators=(",", ":"), sort_keys=True), "utf-8"
    )
    return path


def assemble(read: Folder) -> Playbook:
    """Client, strategy, words and laws together, with their hashes. Raises InvalidInput about the client's limits."""
    playbook = Playbook(
        client=read.client,
        strategy=read.strategy,
        templates={**read.templates, **read.answers()},
        packs=packs_of(read.client),
        calendars=calendars_of(read.client),
        locales=locale_formats({one.language for one in read.templates.values()}, read.client.countries),
        phrases=read.phrases,
    )
    hashes = addresses(playbook)
    return replace(playbook, hashes={**hashes, "plan": _plan(hashes)})


def _plan(hashes: Mapping[str, str]) -> str:
    """Everybody is planned anew when the strategy, a law, a holiday, or the client's own limits and approvals change."""
    words = ("template.", "locale.", "phrases.", "book")
    plan = {name: value for name, value in hashes.items() if not name.startswith(words)}
    return hashlib.sha256(canonical(plan)).hexdigest()
