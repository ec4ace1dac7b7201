"""One text for two readers: what a template says becomes plain text and HTML, so that both always say the same.

A body is blocks between blank lines: `# heading`; `> highlighted lines`; `- items`; `[label]({link})` alone, a button, gone
when it leads nowhere; `---`, a rule with small print after it; `{list}` alone, a variable of one or more lines, gone when empty;
else a paragraph. `**strong**` inside a line. Blocks are cut before values are put in, so no value can add one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from recobro.domain.substitution import escape, fill, pieces, value_of

_BUTTON = re.compile(r"\[([^\]]+)\]\((\{\w+\})\)")
_SLOT = re.compile(r"\{(\w+)\}")
_STRONG = "**"


@dataclass(frozen=True, slots=True)
class Block:
    """kind: "heading" | "highlight" | "items" | "button" | "rule" | "slot" | "paragraph"; lines as written, without marks."""

    kind: str
    lines: tuple[str, ...]
    target: str = ""


@lru_cache(maxsize=256)
def parse(body: str) -> tuple[Block, ...]:
    """The blocks of a body. Raises InvalidInput for a brace that is no variable."""
    pieces(body)
    chunks = re.split(r"\n[ \t]*\n", body.strip())
    return tuple(_block([line.strip() for line in chunk.split("\n")]) for chunk in chunks if chunk.strip())


def to_text(blocks: tuple[Block, ...], values: Mapping[str, str]) -> str:
    """Plain text, blocks apart by a blank line. Raises InvalidInput for a variable without value."""
    return "\n\n".join(text for text in (_text(block, values) for block in blocks) if text)


def resolved(blocks: tuple[Block, ...], values: Mapping[str, str]) -> Iterator[Block]:
    """The blocks with values in, escaped for HTML, strong words marked; a variable of several lines becomes a list."""
    for block in blocks:
        if block.kind == "slot":
            lines = [line for line in _slot_lines(block, values) if line]
            if lines:
                kind = "items" if len(lines) > 1 else "paragraph"
                yield Block(kind, tuple(escape(line) for line in lines))
        else:
            lines = [_strong(line, values) for line in block.lines]
            target = escape(fill(block.target, values))
            if block.kind == "button" and not target:
                continue
            yield Block(block.kind, tuple(lines), target)


def _block(lines: list[str]) -> Block:
    button = _BUTTON.fullmatch(lines[0]) if len(lines) == 1 else None
    if button is not None:
        return Block("button", (button.group(1),), button.group(2))
    if lines == ["---"]:
        return Block("rule", ())
    slot = _SLOT.fullmatch(lines[0]) if len(lines) == 1 else None
    if slot is not None:
        return Block("slot", (slot.group(1),))
    for kind, mark in (("heading", "# "), ("highlight", "> "), ("items", "- ")):
        if all(line.startswith(mark) for line in lines):
            return Block(kind, tuple(line.removeprefix(mark) for line in lines))
    return Block("paragraph", tuple(lines))


def _text(block: Block, values: Mapping[str, str]) -> str:
    if block.kind == "rule":
        return "--"
    if block.kind == "slot":
        lines = [line for line in _slot_lines(block, values) if line]
        return "\n".join(f"- {line}" for line in lines) if len(lines) > 1 else "".join(lines)
    lines = [fill(line.replace(_STRONG, ""), values) for line in block.lines]
    match block.kind:
        case "button":
            target = fill(block.target, values)
            return f"{lines[0]}: {target}" if target else ""
        case "items":
            return "\n".join(f"- {line}" for line in lines)
        case "highlight":
            return "\n".join(f"    {line}" for line in lines)
        case _:
            return "\n".join(lines)


def _slot_lines(block: Block, values: Mapping[str, str]) -> list[str]:
    name = block.lines[0]
    value_of(name, values)
    return values[name].split("\n")


def _strong(line: str, values: Mapping[str, str]) -> str:
    """HTML of one line: literal and values escaped, `**` pairs of the literal turned into <strong>."""
    html: list[str] = []
    is_open = False
    for literal, name in pieces(line):
        for index, words in enumerate(literal.split(_STRONG)):
            if index:
                html.append("</strong>" if is_open else "<strong>")
                is_open = not is_open
            html.append(escape(words))
        if name:
            html.append(escape(value_of(name, values)))
    return "".join(html) + ("</strong>" if is_open else "")
