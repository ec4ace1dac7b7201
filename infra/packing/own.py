"""The layer of our own code, with the folder of the one client it is deployed for beside it.

What only the `recobro` command uses stays at home: a module is shipped when some function can reach it.
"""

import hashlib
import shutil
from pathlib import Path

from infra.packing.python313 import compile_for_lambda, python313
from infra.packing.reach import reached
from infra.repository import BUILD, FUNCTIONS, PACKAGE, building, files_of, keep_newest


def own_layer(client_folder: Path) -> Path:
    """The folder to ship: `python/recobro/` and `client/`, which Lambda mounts under /opt."""
    sources = {f"python/recobro/{name}": path for name, path in shipped_sources().items()}
    sources |= {f"client/{name}": path for name, path in files_of(client_folder).items()}
    built = BUILD / f"recobro-{_fingerprint(sources)}"
    if not built.exists():
        with building(built) as partial:
            for name, path in sources.items():
                (partial / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, partial / name)
            compile_for_lambda(partial / "python", "/opt/python")
        keep_newest(BUILD, "recobro-*")
    return built


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
    digest = hashlib.sha256(str(python313() is not None).encode())
    for name, path in sorted(sources.items()):
        digest.update(f"{name}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
