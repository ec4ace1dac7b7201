"""The layer of our own code, with the folder of the one client it is deployed for beside it.

What only the `recobro` command uses stays at home: a module is shipped when some function can reach it.
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path

from infra.packing.python313 import compile_for_lambda, python313
from infra.packing.reach import reached
from infra.playbook import inspect
from infra.repository import BUILD, FUNCTIONS, PACKAGE, ROOT, built_once, files_of
from recobro.errors import InvalidInput
from recobro.playbook_file import FILE_NAME, canonical, to_file
from recobro.understanding.lexicon import read


def own_layer(client_folder: Path) -> Path:
    """The folder to ship: `python/recobro/` and `client/` with its compiled playbook, which Lambda mounts under /opt.

    Raises InvalidInput with everything that keeps the client's words, strategy or laws from being sent.
    """
    sources = {f"python/recobro/{name}": path for name, path in shipped_sources().items()}
    sources |= {f"client/{name}": path for name, path in files_of(client_folder).items()}

    def build(partial: Path) -> None:
        for name, path in sources.items():
            (partial / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, partial / name)
        (partial / "client" / FILE_NAME).write_bytes(_playbook(client_folder))
        compile_words(partial / "python" / "recobro" / "understanding" / "words")
        compile_for_lambda(partial / "python", "/opt/python")

    return built_once(BUILD / f"recobro-{_fingerprint(sources)}", build, "recobro-*")


def compile_words(folder: Path) -> None:
    """The word lists by which replies are understood, as JSON in the place of TOML, which takes thirty times as long to read."""
    for path in sorted(folder.glob("*.toml")):
        path.with_suffix(".json").write_text(json.dumps(read(path), ensure_ascii=False), encoding="utf-8")
        path.unlink()


def _playbook(client_folder: Path) -> bytes:
    compiled = inspect(client_folder)
    for warning in compiled.warnings:
        sys.stderr.write(f"note: {warning}\n")
    if compiled.errors or compiled.playbook is None:
        problems = "\n".join(str(error) for error in compiled.errors)
        raise InvalidInput(
            "playbook", problems, "mend these; `python -m infra.playbook` checks again", client_folder.name
        )
    return canonical(to_file(compiled.playbook))


def shipped_sources() -> dict[str, Path]:
    """The modules that functions reach, and the data files that lie in the same packages."""
    roots = (PACKAGE.parent,)
    modules = {name for handler in FUNCTIONS.glob("*/handler.py") for name in reached(handler, roots)}
    return {name: path for name, path in files_of(PACKAGE).items() if _owner(name) in modules}


def _owner(name: str) -> str:
    """The module that a file of the package is, or whose package's data it is."""
    path = Path("recobro", name)
    if path.suffix == ".py" and path.stem != "__init__":
        return ".".join(path.with_suffix("").parts)
    folder = path.parent
    while not (PACKAGE.parent / folder / "__init__.py").is_file():
        folder = folder.parent
    return ".".join(folder.parts)


def _fingerprint(sources: dict[str, Path]) -> str:
    """Of what is shipped, and of the programs that make the playbook from it."""
    made_by = {f"infra/{name}": path for name, path in files_of(ROOT / "infra" / "playbook").items()}
    made_by |= {f"infra/packing/{name}": path for name, path in files_of(ROOT / "infra" / "packing").items()}
    made_by |= {path.name: path for path in (ROOT / "infra").glob("*.py")}
    made_by |= {f"recobro/{name}": path for name, path in files_of(PACKAGE).items()}
    digest = hashlib.sha256(str(python313() is not None).encode())
    for name, path in sorted((sources | made_by).items()):
        digest.update(f"{name}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
