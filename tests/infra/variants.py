"""The demonstration client as smaller clients would have it, for tests of what their templates hold and cost."""

import re
import shutil
from pathlib import Path

from infra.app import ROWS
from infra.repository import CLIENTS
from infra.stack.settings import client_settings

DEMO_ROWS = tuple(row for row in ROWS if row.present(client_settings(CLIENTS / "demo" / "client.toml")))
"""The functions of the demonstration client, which has one of each."""


def variant(folder: Path, off: tuple[str, ...]) -> Path:
    """The demonstration client under another name, with channels switched off and one gateway, of its own."""
    shutil.copytree(CLIENTS / "demo", folder)
    settings = folder / "client.toml"
    text = re.sub(
        r'(?m)^name = "demo"', f'name = "{folder.name}"', settings.read_text(encoding="utf-8"), count=1
    )
    for channel in off:
        text = re.sub(rf"(?s)(\[channels\.{channel}\]\nenabled = )true", r"\1false", text)
    # Smaller clients have no systems of their own that ask.
    text = text.replace("[api]\nenabled = true", "[api]\nenabled = false", 1)
    text = re.sub(r"(?ms)^\[gateways\.(?!standard).*?(?=^\[|\Z)", "", text)
    settings.write_text(text, encoding="utf-8")
    return folder
