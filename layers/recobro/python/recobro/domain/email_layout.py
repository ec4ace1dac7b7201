"""An e-mail that a tired person can read on a small phone at night: one column, large figures, one button, little else.

Inline styles for every client; a style block adds dark mode and narrow screens where it is understood. Nothing is
loaded from anywhere, so that opening a message tells nobody anything.
"""

from collections.abc import Iterable

from recobro.domain.markup import Block
from recobro.domain.substitution import escape

FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
INK, SOFT, LINE, PAPER, CARD, TINT, ACCENT = (
    "#1d2733",
    "#5a6673",
    "#dde3e9",
    "#f2f5f8",
    "#ffffff",
    "#eef5f3",
    "#0b6b57",
)
FILLER = "&#847;&zwnj;&nbsp;" * 60
"""Invisible, after the preview: without it mail clients show the first words of the body, amount included, on a lock screen."""

STYLE = """
:root{color-scheme:light dark;supported-color-schemes:light dark}
body{margin:0;padding:0;width:100%!important;-webkit-text-size-adjust:100%}
@media (max-width:480px){.card{padding:22px 20px!important}.figure{font-size:27px!important}.button{display:block!important}
.outer{padding:0!important}.card{border-radius:0!important}}
@media (prefers-color-scheme:dark){.paper{background:#10161c!important}.card{background:#1a222b!important;border-color:#2d3844!important}
.ink{color:#e8edf2!important}.soft{color:#a9b5c1!important}.tint{background:#173029!important;border-color:#3fb495!important}
.row{border-color:#2d3844!important}.button{background:#3fb495!important;color:#08130f!important}.link{color:#6fd0b5!important}}
""".strip().replace("\n", "")


def page(
    *,
    language: str,
    title: str,
    preview: str,
    sender: str,
    body: Iterable[Block],
    footer: Iterable[Block],
) -> str:
    """The whole document. title, preview, sender: plain text; body and footer: blocks whose lines are HTML already."""
    content = "".join(_html(block, small=False) for block in body)
    small = "".join(_html(block, small=True) for block in footer)
    hidden = "display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;mso-hide:all;font-size:1px;line-height:1px"
    return (
        f'<!DOCTYPE html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f'<body class="paper" style="margin:0;padding:0;background:{PAPER}">'
        f'<div aria-hidden="true" style="{hidden}">{escape(preview)}{FILLER}</div>'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>'
        '<td class="outer" align="center" style="padding:24px 12px">'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" '
        'style="max-width:600px;width:100%"><tr>'
        f'<td class="card" style="background:{CARD};border:1px solid {LINE};border-radius:12px;padding:32px 36px;'
        'overflow-wrap:anywhere;word-break:break-word">'
        f'<p class="soft" style="margin:0 0 20px;{FONT};font-size:14px;line-height:20px;font-weight:600;color:{SOFT}">'
        f"{escape(sender)}</p>{content}</td></tr>"
        f'<tr><td style="padding:18px 20px">{small}</td></tr></table></td></tr></table></body></html>'
    )


def _html(block: Block, *, small: bool) -> str:
    size, leading, ink, tone = ("13px", "19px", SOFT, "soft") if small else ("16px", "25px", INK, "ink")
    base = f"margin:0 0 16px;{FONT};font-size:{size};line-height:{leading};color:{ink}"
    match block.kind:
        case "heading":
            style = f"margin:26px 0 10px;{FONT};font-size:17px;line-height:24px;font-weight:700;color:{INK}"
            return f'<h2 class="ink" style="{style}">{"<br>".join(block.lines)}</h2>'
        case "highlight":
            return _highlight(block.lines)
        case "items":
            return _items(block.lines, f"{FONT};font-size:{size};line-height:{leading};color:{ink}", tone)
        case "button" if small:
            link = f'<a class="link" href="{block.target}" style="color:{ACCENT};text-decoration:underline">{block.lines[0]}</a>'
            return f'<p class="soft" style="{base}">{link}</p>'
        case "button":
            return _button(block.lines[0], block.target)
        case "rule":
            return f'<div class="row" style="border-top:1px solid {LINE};margin:22px 0"></div>'
        case _:
            return f'<p class="{tone}" style="{base}">{"<br>".join(block.lines)}</p>'


def _highlight(lines: tuple[str, ...]) -> str:
    first = f"margin:0;{FONT};font-size:31px;line-height:40px;font-weight:700;color:{INK}"
    rest = f"margin:2px 0 0;{FONT};font-size:16px;line-height:24px;color:{INK}"
    inner = f'<p class="ink figure" style="{first}">{lines[0]}</p>'
    inner += "".join(f'<p class="ink" style="{rest}">{line}</p>' for line in lines[1:])
    style = f"background:{TINT};border-left:4px solid {ACCENT};border-radius:8px;padding:16px 20px;margin:0 0 20px"
    return f'<div class="tint" style="{style}">{inner}</div>'


def _items(lines: tuple[str, ...], style: str, tone: str) -> str:
    row = f"padding:9px 0;border-bottom:1px solid {LINE};{style}"
    rows = "".join(f'<tr><td class="row {tone}" style="{row}">{line}</td></tr>' for line in lines)
    table = 'role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'
    return f'<table {table} style="margin:0 0 18px">{rows}</table>'


def _button(label: str, target: str) -> str:
    style = (
        f"display:inline-block;background:{ACCENT};color:#ffffff;{FONT};font-size:17px;line-height:22px;font-weight:700;"
        "text-decoration:none;text-align:center;padding:14px 28px;border-radius:9px"
    )
    return f'<p style="margin:4px 0 22px"><a class="button" href="{target}" style="{style}">{label}</a></p>'
