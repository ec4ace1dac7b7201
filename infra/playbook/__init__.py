"""Turns a client's folder and the law packs into the one file that every Lambda reads, and refuses what must not be sent.

`python -m infra.playbook demo --check` says what is wrong, with file, line, field and fix.
"""

from infra.playbook.compiling import Compiled, compile_client, inspect, write

__all__ = ["Compiled", "compile_client", "inspect", "write"]
