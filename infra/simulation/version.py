"""Which code a month was lived in: what was counted in one version says nothing of another."""

from functools import lru_cache
from hashlib import blake2b

from infra.repository import FUNCTIONS, PACKAGE, ROOT, files_of

SOURCES = (
    PACKAGE,
    FUNCTIONS,
    *(ROOT / "infra" / name for name in ("demo", "local", "playbook", "simulation")),
)
TEMPLATE = (ROOT / "infra" / "clients" / "demo", ROOT / "infra" / "stack")
"""The client whose months are lived, and what its template is made of (`--level wired`)."""


@lru_cache(maxsize=1)
def version() -> str:
    """Sixteen hex digits: the sources that decide what happens in a month, whatever a version control says of them."""
    digest = blake2b(digest_size=8)
    for folder in (*SOURCES, *TEMPLATE):
        for name, path in files_of(folder).items():
            digest.update(f"{folder.relative_to(ROOT)}/{name}\0".encode() + path.read_bytes() + b"\0")
    for name in ("infra/app.py", "requirements.txt"):
        digest.update(name.encode() + b"\0" + (ROOT / name).read_bytes())
    return digest.hexdigest()
