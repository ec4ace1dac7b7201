"""Whatever a file, a creditor or a stranger wrote is shown as letters, never as markup: only our own literals are HTML."""

import base64
import hashlib
from collections.abc import Iterable
from html import escape

from recobro.domain.names import clean

LONGEST = 2_000


class Html(str):
    """Markup that is safe to show: made by `h` or `lines`, and by nothing else but the drawing of a QR code."""

    __slots__ = ()


NOTHING = Html("")


def h(template: str, **values: object) -> Html:
    """`template`, a literal of ours, with its `{names}` filled: what is not Html is cleaned and escaped, also in quotes."""
    return Html(template.format_map({name: shown(value) for name, value in values.items()}))


def shown(value: object) -> Html:
    """Any value as it may stand in text or in a quoted attribute."""
    if isinstance(value, Html):
        return value
    return Html(escape(clean(str(value), LONGEST), quote=True))


def lines(parts: Iterable[Html]) -> Html:
    """One after the other."""
    return Html("".join(parts))


def web_address(url: str) -> str:
    """An address that may stand behind a link; empty for anything but https."""
    return url if url.startswith("https://") and not any(one in url for one in " \t\r\n\"'<>\\") else ""


STYLE = (
    ":root{color-scheme:light;--ink:#1c2430;--calm:#f3f6f8;--line:#c9d2da;--go:#0b5d4b;--note:#fff7e0}"
    "*{box-sizing:border-box}body{margin:0;font:17px/1.5 system-ui,-apple-system,Roboto,sans-serif;color:#1c2430;"
    "color:var(--ink);background:#fff}a{color:#0b4f8a}header,main,footer{max-width:38rem;margin:0 auto;padding:0 1rem}"
    "header{padding-top:.8rem;display:flex;flex-wrap:wrap;gap:.4rem 1rem;justify-content:space-between;align-items:center}"
    "header p,nav ul{margin:0}nav ul{padding:0;list-style:none;display:flex;flex-wrap:wrap;gap:.2rem .9rem}"
    "nav a{display:inline-block;padding:.35rem 0}h1{font-size:1.45rem;line-height:1.25;margin:.8rem 0}"
    "h2{font-size:1.15rem;margin:1.4rem 0 .4rem}h3{font-size:1rem;margin:1rem 0 .2rem}"
    "section,.card{border:1px solid #c9d2da;border-color:var(--line);border-radius:.7rem;padding:.2rem 1rem 1rem;margin:1rem 0}"
    ".card{background:#f3f6f8;background:var(--calm)}.sum{font-size:1.9rem;font-weight:700;margin:.2rem 0}"
    "dl{margin:.4rem 0;display:grid;grid-template-columns:1fr auto;gap:.15rem 1rem}dd{margin:0;text-align:right}"
    "dl.way{grid-template-columns:auto;gap:0}dl.way dd{text-align:left;margin:0 0 .5rem}"
    "code{font:600 1.1rem/1.4 ui-monospace,Consolas,monospace;overflow-wrap:anywhere;user-select:all}"
    "label,legend{display:block;font-weight:600;margin:.8rem 0 .2rem}.pick label{display:flex;gap:.6rem;font-weight:400;margin:0;"
    "padding:.45rem 0;align-items:center}.pick input{width:1.3rem;height:1.3rem;flex:none}fieldset{border:0;padding:0;margin:1rem 0 0}"
    "input,select,textarea{font:inherit;width:100%;padding:.6rem;border:1px solid #63717d;border-radius:.4rem;background:#fff;"
    "color:inherit}.hint{font-weight:400;color:#4a5763;display:block}button,.go{font:inherit;font-weight:600;display:inline-block;"
    "margin:.9rem .6rem 0 0;padding:.75rem 1.2rem;border:2px solid #0b5d4b;border-radius:.5rem;background:#0b5d4b;color:#fff;"
    "text-decoration:none;cursor:pointer}button.quiet{background:#fff;color:#0b5d4b}.done,.wrong{border-left:.4rem solid #0b5d4b;"
    "background:#e8f4ee;padding:.7rem 1rem;margin:1rem 0}.wrong{border-color:#9c2b1f;background:#fdeeec}"
    ".note{background:#fff7e0;padding:.6rem 1rem;border-radius:.5rem}table{border-collapse:collapse;width:100%;font-size:.95rem}"
    "th,td{text-align:left;padding:.4rem .3rem;border-bottom:1px solid #c9d2da;vertical-align:top}svg{width:12rem;height:12rem;"
    "display:block;margin:.5rem 0}footer{padding:1rem 1rem 2.5rem;color:#4a5763;font-size:.92rem}"
    "a:focus,button:focus,input:focus,select:focus,textarea:focus{outline:3px solid #0b4f8a;outline-offset:2px}"
    "ul.acts{padding:0;list-style:none}ul.acts li{margin:.4rem 0}ul.acts a{display:block;padding:.65rem .8rem;border:1px solid #c9d2da;"
    "border-radius:.5rem;text-decoration:none}"
)
_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
"""Content-Security-Policy: no script, no image, nothing from elsewhere; one style sheet, ours, by its hash."""


def frame(
    *,
    language: str,
    title: str,
    top: Html,
    body: Html,
    foot: Html,
    onward: str = "",
    referrer: str = "no-referrer",
) -> Html:
    """The whole document. Works without scripts, on a small screen, read aloud. onward: where a browser goes on at once."""
    at_once = h('<meta http-equiv="refresh" content="0;url={url}">', url=onward) if onward else NOTHING
    return h(
        '<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        '<meta name="referrer" content="{referrer}">{at_once}<title>{title}</title><style>{style}</style></head>'
        "<body><header>{top}</header><main>{body}</main><footer>{foot}</footer></body></html>",
        language=language,
        title=title,
        at_once=at_once,
        style=Html(STYLE),
        top=top,
        body=body,
        foot=foot,
        referrer=referrer,
    )
