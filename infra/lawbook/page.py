"""A pack as a page that a lawyer can read, sign or correct: every rule in words, its article, how sure we are, what is only ours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import escape

from infra.lawbook.saying import said
from recobro.law.pack import Pack
from recobro.law.rule import Conf, Rule

SECTIONS = (
    ("Whom it binds and protects", ("applies", "stages")),
    ("Hours", ("windows",)),
    ("How often", ("caps", "min_gaps", "channel_locks", "cooldowns")),
    ("Consent and addresses", ("consent", "provenance", "caller_id", "channel_rules")),
    ("Who may be contacted", ("recipients",)),
    ("What must be said", ("required",)),
    ("What must not be said", ("forbidden",)),
    ("What must be done", ("duties", "complaints")),
    ("What stops everything", ("stop_events",)),
    ("What the measures leave alone", ("exempt",)),
    ("What is kept, and where one registers", ("retention", "registry")),
)
OURS = "our own caution"
STYLE = """:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;
border-bottom:1px solid color-mix(in srgb,currentColor 18%,transparent)}th{font-weight:600;opacity:.7}
td:first-child{width:12rem;overflow-wrap:anywhere}td:last-child{white-space:nowrap}small{opacity:.75;display:block}
tr.ours td{opacity:.75}tr.other td{text-decoration:line-through;opacity:.5}@media print{body{max-width:none;margin:0}}"""


@dataclass(frozen=True)
class Line:
    """One rule. is_ours: no law but our own caution, which a client may relax. holds: in force on the page's day."""

    rule: str
    words: str
    article: str
    confidence: str
    is_ours: bool
    since: date
    to: date | None
    holds: bool
    note: str

    @property
    def weight(self) -> str:
        """How sure we are, in the words of the page."""
        return OURS if self.is_ours else self.confidence

    @property
    def span(self) -> str:
        """From when to when it holds."""
        return f"from {self.since}" + (f" to {self.to}" if self.to else "")


@dataclass(frozen=True)
class Question:
    """Where the law can be read two ways, and which reading we take."""

    question: str
    strict: str
    liberal: str
    taken: str


@dataclass(frozen=True)
class Page:
    """One pack on one day. parent: the country whose rules hold as well. sources: the letter that articles cite, and where."""

    id: str
    name: str
    status: str
    reviewed: date
    on: date
    parent: str
    zones: tuple[str, ...]
    sections: tuple[tuple[str, tuple[Line, ...]], ...]
    questions: tuple[Question, ...]
    sources: tuple[tuple[str, str], ...]

    def lines(self) -> Iterator[Line]:
        return (line for _, lines in self.sections for line in lines)

    @property
    def headline(self) -> str:
        """The page in one sentence."""
        listed = [line for line in self.lines() if line.holds]
        ours = sum(line.is_ours for line in listed)
        below = f", beside every rule of {self.parent}" if self.parent else ""
        return (
            f"{self.id} {self.name} on {self.on}: {len(listed)} rules in force, {len(listed) - ours} of them law and "
            f"{ours} {OURS}{below}. {self.status}, reviewed {self.reviewed}."
        )


def page_of(pack: Pack, on: date) -> Page:
    """The page of a pack as it stands on that local day; rules ended or to come are on it, marked."""
    return Page(
        id=pack.id,
        name=pack.name,
        status=pack.status,
        reviewed=pack.reviewed,
        on=on,
        parent=pack.parent,
        zones=pack.zones,
        sections=tuple(
            (title, lines) for title, tables in SECTIONS if (lines := tuple(_lines(pack, tables, on)))
        ),
        questions=tuple(
            Question(one.question, one.conservative, one.liberal, one.use) for one in pack.open_questions
        ),
        sources=tuple((one.id, one.text) for one in pack.sources),
    )


def _lines(pack: Pack, tables: tuple[str, ...], on: date) -> Iterator[Line]:
    for table in tables:
        rules = getattr(pack, table)
        for rule in rules if isinstance(rules, tuple) else (rules,):
            yield _line(rule, on)


def _line(rule: Rule, on: date) -> Line:
    return Line(
        rule=rule.id,
        words=said(rule),
        article=rule.article,
        confidence=rule.conf.value,
        is_ours=rule.conf is Conf.POLICY,
        since=rule.since,
        to=rule.to,
        holds=rule.since <= on and (rule.to is None or on <= rule.to),
        note=rule.note,
    )


def html(page: Page) -> str:
    """A complete HTML document: no script, nothing loaded from elsewhere."""
    sections = "".join(
        f"<h2>{escape(title)}</h2><table><thead><tr><th scope='col'>rule<th scope='col'>what it says<th scope='col'>where it "
        f"stands<th scope='col'>how sure</tr></thead><tbody>{''.join(map(_row, lines))}</tbody></table>"
        for title, lines in page.sections
    )
    questions = "".join(
        f"<tr><td>{escape(one.question)}</td><td>{escape(one.strict)}</td><td>{escape(one.liberal)}</td>"
        f"<td>{escape(one.taken)}</td></tr>"
        for one in page.questions
    )
    asked = (
        f"<h2>Where the law can be read two ways</h2><table><thead><tr><th scope='col'>question<th scope='col'>strict"
        f"<th scope='col'>liberal<th scope='col'>we take</tr></thead><tbody>{questions}</tbody></table>"
        if questions
        else ""
    )
    sources = "".join(f"<li><b>{escape(letter)}</b> {escape(text)}</li>" for letter, text in page.sources)
    title = f"{escape(page.name)} · contact law"
    return (
        f"<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
        f"<title>{title}</title><style>{STYLE}</style><h1>{title}</h1><p>{escape(page.headline)}</p>"
        f"<p>Time zones: {escape(', '.join(page.zones) or 'the debtor’s own')}. A rule in force carries no mark; one that has "
        f"ended or is to come is struck through.</p>{sections}{asked}<h2>Sources</h2><ul>{sources}</ul></html>\n"
    )


def _row(line: Line) -> str:
    kind = " ".join(name for name, is_so in (("ours", line.is_ours), ("other", not line.holds)) if is_so)
    note = f"<small>{escape(line.note)}</small>" if line.note else ""
    return (
        f"<tr class='{kind}'><td><code>{escape(line.rule)}</code></td><td>{escape(line.words)}{note}</td>"
        f"<td>{escape(line.article)}</td><td>{escape(line.weight)}<small>{escape(line.span)}</small></td></tr>"
    )
