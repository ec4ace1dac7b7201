"""The record as a page: what was said, under which articles, what came of it; no script, nothing fetched, good on paper."""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from infra.evidence.page_codes import code_name
from infra.evidence.page_details import currencies_of, details, local, money
from infra.evidence.page_words import LANGUAGES, words

if TYPE_CHECKING:
    from infra.evidence.collecting import Collected, Line

STYLE = """:root{color-scheme:light dark;--line:color-mix(in srgb,currentColor 18%,transparent)}
body{font:16px/1.55 system-ui,sans-serif;max-width:60rem;margin:2.5rem auto;padding:0 1.2rem}
h1{font-size:1.7rem;margin:0 0 .3rem}h2{font-size:1.2rem;margin:2.6rem 0 .8rem;border-bottom:2px solid;padding-bottom:.3rem}
h3{font-size:1rem;margin:0}dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.2rem;margin:1.2rem 0}
dt{opacity:.7}dd{margin:0;overflow-wrap:anywhere}code{font:.86em ui-monospace,monospace}
article{border:1px solid var(--line);border-radius:.5rem;padding:1rem 1.2rem;margin:0 0 1rem;break-inside:avoid}
blockquote{white-space:pre-wrap;margin:.7rem 0;padding:.6rem .9rem;border-left:3px solid;
background:color-mix(in srgb,currentColor 5%,transparent)}
.meta{opacity:.75;margin:.15rem 0}.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line)}th{opacity:.7;font-weight:600}
td:first-child{white-space:nowrap;font-variant-numeric:tabular-nums}summary{cursor:pointer}.bad{color:#c22;font-weight:600}
@media print{body{max-width:none;margin:0;font-size:11pt}details::details-content{content-visibility:visible;block-size:auto}}"""


def page(found: "Collected", client: str, now: datetime, fingerprint: str) -> str:
    """A complete HTML document in the person's country's language. fingerprint: empty: nobody signed it."""
    language = found.debtor.profile.language[:2]
    said = words(language)
    body = "".join(
        (
            _head(found, client, now, fingerprint, said),
            record(found, said),
        )
    )
    return document(f"{said['title']} · {found.debtor.id}", language, body)


def record(found: "Collected", said: Mapping[str, str]) -> str:
    """What happened, in sections, as both pages show it."""
    currencies = currencies_of(line["fact"] for lines in found.views.values() for line in lines)
    tables = (
        section(said[name], _table(found, f"{name}.jsonl", said, currencies), said)
        for name in ("received", "consents", "payments", "notes", "receipts")
    )
    return section(said["contacts"], _contacts(found, said), said) + "".join(tables)


def document(title: str, language: str, body: str) -> str:
    """One HTML document of those sections; no script, nothing fetched."""
    lang = language if language in LANGUAGES else "es"
    return (
        f"<!doctype html><html lang='{lang}'><meta charset='utf-8'>"
        f"<meta name='viewport' content='width=device-width'><title>{escape(title)}</title>"
        f"<style>{STYLE}</style><main>{body}</main></html>\n"
    )


def _head(found: "Collected", client: str, now: datetime, fingerprint: str, said: Mapping[str, str]) -> str:
    name = found.debtor.personal.name
    rows = {
        said["person"]: f"{name} · {found.debtor.id}" if name else found.debtor.id,
        said["agency"]: client,
        said["written"]: local(now.isoformat(), found.zone),
        said["zone"]: found.zone,
        said["facts"]: str(len(found.history)),
        said["head"]: found.history[-1].hash if found.history else "",
        said["key"]: fingerprint,
    }
    listed = "".join(
        f"<dt>{escape(term)}</dt><dd>{escape(value)}</dd>" for term, value in rows.items() if value
    )
    unsigned = "" if fingerprint else f"<p class='bad'>{escape(said['unsigned'])}</p>"
    return (
        f"<h1>{escape(said['title'])}</h1><p class='meta'>{escape(said['lead'])} {escape(said['lead_inward'])}</p>"
        f"<dl>{listed}</dl>{unsigned}"
        f"<p>{escape(said['verify'])} <code>python3 verify_evidence.py ARCHIVE.zip --fingerprint …</code></p>{gone(found, said)}"
    )


def gone(found: "Collected", said: Mapping[str, str]) -> str:
    """What should be there and is not; empty where all of it is."""
    missing = "".join(f"<li>{escape(one)}</li>" for one in found.missing)
    return f"<h3>{escape(said['missing'])}</h3><ul>{missing}</ul>" if missing else ""


def section(title: str, body: str, said: Mapping[str, str]) -> str:
    none = f"<p>{escape(said['none'])}</p>"
    return f"<section><h2>{escape(title)}</h2>{body or none}</section>"


def _contacts(found: "Collected", said: Mapping[str, str]) -> str:
    verdicts = {line["place"]: line for line in found.views["verdicts.jsonl"]}
    progress: dict[str, list[Line]] = {}
    for line in found.views["receipts.jsonl"]:
        progress.setdefault(str(line["fact"].get("attempt", "")), []).append(line)
    return "".join(
        _contact(line, verdicts[line["place"]], progress, found, said)
        for line in found.views["messages.jsonl"]
    )


def _contact(
    line: "Line",
    verdict: "Line",
    progress: Mapping[str, list["Line"]],
    found: "Collected",
    said: Mapping[str, str],
) -> str:
    attempt, decision = line["fact"]["attempt"], line["fact"].get("decision") or {}
    language = found.debtor.profile.language
    step = attempt["step"]
    owed = decision.get("due")
    due = f" · {money(owed.get('minor', 0), owed['currency'])}" if owed else ""
    reached = found.debtor.personal.points.get(attempt["point"], "")
    to = f" · {escape(reached)}" if reached else ""
    day = local(line["at"], found.zone)[:10]
    came = " → ".join(
        f"{code_name('status', one['fact']['status'], language)} {local(one['at'], found.zone).removeprefix(day).strip()}"
        for one in progress.get(attempt["id"], ())
        if one["fact"].get("status")
    )
    channel = code_name("channel", attempt["channel"], language)
    kind = code_name("kind", attempt.get("kind", "collection"), language)
    how = "person_made" if verdict["decided_again"] == "person" else verdict["decided_again"]
    rows = "".join(
        f"<tr><td>{escape(one['pack'])}</td><td>{escape(code_name('about', one['about'], language))}</td><td>{escape(one['rule'])}</td>"
        f"<td>{escape(one['source'])}</td></tr>"
        for one in verdict["asked"]
    )
    heads = "".join(
        f"<th scope='col'>{escape(name)}</th>" for name in (said["law"], said["about"], "", said["article"])
    )
    said_passed = said["passed"]
    passed = "; ".join(_closed(one, found.zone) for one in decision.get("passed_over", ()))
    return (
        f"<article id='{escape(attempt['id'])}'><h3>{local(line['at'], found.zone)} · {escape(channel)}{to}</h3>"
        f"<p class='meta'>{escape(kind)} · {escape(step['stage'])}.{escape(step['step'])}"
        f"{escape(due)} · <code>{escape(attempt['id'])}</code></p>{_said(line, said)}"
        f"{_meta(came)}"
        f"<p class='{'bad' if how == 'differs' else 'meta'}'>{escape(said[how])}</p>"
        f"{_meta(f'{said_passed}: {passed}') if passed else ''}"
        + (
            f"<details><summary>{len(verdict['asked'])} {escape(said['rules'])} ({escape(', '.join(verdict['laws']))})"
            f"</summary><div class='scroll'><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></details>"
            if verdict["asked"]
            else ""
        )
        + "</article>"
    )


def _closed(refusal: "Line", zone: str) -> str:
    """A decision holds, of the rules that close a way, the one that would have closed it longest."""
    until = f"{local(refusal['until'], zone)}: " if refusal.get("until") else ""
    return f"{until}{refusal['rule']} ({refusal['source']})"


def _address(line: "Line", found: "Collected") -> str:
    """What a point's id stands for, while the record still knows it."""
    named = line["fact"].get("point", "")
    reached = found.debtor.personal.points.get(named if isinstance(named, str) else named.get("id", ""), "")
    return f"<br>{escape(reached)}" if reached else ""


def _meta(text: str) -> str:
    return f"<p class='meta'>{escape(text)}</p>" if text else ""


def _said(line: "Line", said: Mapping[str, str]) -> str:
    spoken = line.get("said")
    if line.get("withheld"):
        return f"<p class='meta'>{escape(said['withheld'])}</p>"
    if line["fact"].get("whose") == "another":
        return f"<p class='meta'>{escape(said['of_another'])}</p>"
    if spoken is None:
        return f"<p class='meta'>{escape(said['nothing_said'])}</p>" if "said" in line else ""
    subject = spoken.get("subject", "")
    return f"<blockquote>{f'<b>{escape(subject)}</b>{chr(10)}' if subject else ''}{escape(spoken['text'])}</blockquote>"


def _table(found: "Collected", name: str, said: Mapping[str, str], currencies: Mapping[str, str]) -> str:
    language, zone = found.debtor.profile.language, found.zone
    rows = "".join(
        f"<tr><td>{local(line['at'], found.zone)}</td><td>{escape(said[line['fact']['kind']])}</td>"
        f"<td>{details(line['fact'], zone, language, currencies)}{_address(line, found)}{_said(line, said)}</td></tr>"
        for line in found.views[name]
    )
    heads = "".join(f"<th scope='col'>{escape(said[one])}</th>" for one in ("when", "what", "details"))
    return (
        f"<div class='scroll'><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        if rows
        else ""
    )
