"""One person's history as a page to print or hand over: no script, nothing loaded from elsewhere, readable in the dark."""

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infra.cli.timeline import Timeline

STYLE = """:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;
border-bottom:1px solid color-mix(in srgb,currentColor 18%,transparent)}th{font-weight:600;opacity:.7}
td:first-child{white-space:nowrap;font-variant-numeric:tabular-nums}pre{white-space:pre-wrap;margin:.4rem 0 0;padding:.6rem;
border-left:3px solid currentColor;opacity:.85;font:inherit}.bad{color:#c00;font-weight:600}
@media print{body{max-width:none;margin:0}}"""


def page(found: "Timeline") -> str:
    """A complete HTML document."""
    rows = "".join(
        f"<tr><td><time datetime='{one.at.isoformat()}'>{escape(one.local)}</time></td><td>{escape(one.what)}"
        f"{f'<pre>{escape(one.words)}</pre>' if one.words else ''}</td><td>{escape(one.channel)}</td>"
        f"<td>{escape(one.status)}</td><td>{escape(one.by)}</td><td>{escape(one.why)}</td></tr>"
        for one in found.lines
    )
    heads = "".join(
        f"<th scope='col'>{name}</th>" for name in ("when", "what", "channel", "status", "by", "why")
    )
    chain = (
        f"<p class='bad'>The chain does not hold: {escape(found.broken)}.</p>"
        if found.broken
        else "<p>The chain of facts holds.</p>"
    )
    title = f"{escape(found.name)} · {escape(found.debtor)}"
    return (
        f"<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
        f"<title>{title}</title><style>{STYLE}</style><h1>{title}</h1><p>{len(found.lines)} facts, local time of "
        f"{escape(found.zone)}.</p>{chain}<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></html>\n"
    )
