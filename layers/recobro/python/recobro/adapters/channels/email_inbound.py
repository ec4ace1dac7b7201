"""What people write back by e-mail, as SES hands it on: their own words above the quote, and no machine's words taken for theirs.

Docs: docs.aws.amazon.com/ses/latest/dg (receiving-email-notifications-contents, SNS action with the message in `content`);
auto-replies: RFC 3834; bounces: RFC 3464, RFC 5321 §4.5.5 (empty return path).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from email.utils import parseaddr
from html import escape, unescape
from typing import Any

from recobro.adapters.channels.reading import from_iso, items, part, text
from recobro.ports import Inbound

OURS = "amazonses.com"
"""The domain of message ids that SES gives: its left side is the id by which we know the message."""
LONGEST = 200_000
"""Characters of one message's text that are looked at; SNS carries 150 kB at most."""

_ATTRIBUTES = re.compile(
    r"(?:el|on|em|am|le)\b.{4,300}(?:escribi[oó]|wrote|escreveu|schrieb|a écrit)\s{0,4}:?$", re.IGNORECASE
)
"""A line that may say who wrote the quote below; people end their own lines with "me escribió", too: see `_names_the_writer`."""
_MARK = ">"
"""Before every line of a quote, as most mail programs write it: only such a quote has an end that can be seen."""
_UNMARKED = re.compile(
    r"(?:_{8,}|-{3,}\s*(?:original|mensaje|mensagem|forwarded|reenviad|encaminhad)|(?:de|from|von)\s*:\s.+(?:@|<))",
    re.IGNORECASE,
)
"""The line, without the blanks around it, from which on nothing is the writer's own any more: a quote without marks."""
_SIGNS = re.compile(r"(?:--$|enviado desde mi|sent from my|enviado do meu)", re.IGNORECASE)
"""The line with which a signature begins; what somebody adds to a letter stands above it, or below the quote."""
_RULE = re.compile(r"-{3,}$")
"""A line drawn by hand: what stands below it was written, too."""
WRAPS_FROM = 50
"""Characters from which on a mail program may have broken a quoted line, and set its mark before the first part only."""
WRAPPED_OVER = 3
"""Lines over which a mail program breaks "El lun, 9 mar 2026 a las 12:00, … escribió:"."""
_BLOCK = re.compile(r"<(style|script|blockquote|head)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr)\b[^<>]{0,200}>", re.IGNORECASE)
_AUTO_SUBJECT = re.compile(
    r"^\s*(?:respuesta autom[aá]tica|fuera de (?:la )?oficina|auto(?:matic)?[- ]?reply|out of office|resposta autom[aá]tica|ausente)",
    re.IGNORECASE,
)
_ANSWERED_SUBJECT = re.compile(r"^\s*(?:re|rv|fw|fwd|res|enc|tr|aw|wg)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
"""Re:, RV:, Fwd:, RES:, ENC: as mail programs write it in Spanish, Portuguese and English (and a few more)."""
FILES = ("image/", "application/pdf")
"""What may be the proof of a payment."""


def parse_messages(raw: Mapping[str, Any], received_at: datetime) -> list[Inbound]:
    """One received mail; empty for a machine's: an absence note, a bounce, a list. Never raises for what people may send."""
    mail = part(raw, "mail")
    message = _parsed(text(raw, "content"))
    if _is_machine(message, mail):
        return []
    sender = parseaddr(str(message.get("From", "")) or text(mail, "source"))[1] or text(mail, "source")
    file = _first_file(message)
    return [
        Inbound(
            id=text(mail, "messageId"),
            channel="email",
            sender=sender.strip().lower(),
            body="\n".join(filter(None, (_own_subject(message), own_words(_text_of(message)))))
            or _subject(message),
            at=from_iso(text(mail, "timestamp"), received_at),
            replies_to=_answered(message),
            kind="document" if file else "text",
            media=file,
            is_vouched=_is_vouched(part(raw, "receipt")),
        )
    ]


def _subject(message: EmailMessage) -> str:
    return str(message.get("Subject", ""))[:200].strip()


def _own_subject(message: EmailMessage) -> str:
    """What somebody wrote above their words ("No me contacten más"); empty where it is ours, answered or passed on."""
    subject = _subject(message)
    return "" if _ANSWERED_SUBJECT.match(subject) else subject


def _is_vouched(receipt: Mapping[str, Any]) -> bool:
    """Whether the sender's domain stands by the message: anybody can write any From.

    DMARC where the domain asks for it, else SPF or DKIM (SES, receiving-email-notifications-contents: verdicts). Where SES was
    told not to look, there is nothing to doubt it by.
    """
    named = ("dmarc", "spf", "dkim")
    dmarc, *others = (text(receipt, f"{one}Verdict", "status").upper() for one in named)
    if dmarc in {"PASS", "FAIL"}:
        return dmarc == "PASS"
    return "PASS" in others or not any(others)


def own_words(written: str) -> str:
    """The reply above the quote, and what was added below or between its lines, as far as the quote is marked."""
    lines = _unwrapped(written.replace("\r\n", "\n").split("\n"))
    ends = next((number for number, line in enumerate(lines) if _begins_quote(line)), len(lines))
    above = _joined(lines[:ends])
    if above:
        return "\n".join((above, *_added(lines[ends:])))
    return _joined(line for line in lines[ends:] if not _begins_quote(line))


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(line for line in lines if not _RULE.match(line.strip())).strip()


def _added(lines: Sequence[str]) -> Iterator[str]:
    """What somebody who wrote above a quote wrote below it or between its lines, too.

    A quote without marks is read by nobody, nor is a signature, nor the rest of a quoted line that was broken in two.
    """
    is_below, quoted = False, ""
    for line in map(str.strip, lines):
        if _UNMARKED.match(line):
            return
        if line.startswith(_MARK):
            is_below, quoted = True, line
        elif _SIGNS.match(line):
            is_below = False
        elif line and is_below and not _RULE.match(line) and not _is_broken_off(quoted):
            yield line
            quoted = ""
        elif not line:
            quoted = ""


def _is_broken_off(quoted: str) -> bool:
    """Whether what follows that quoted line at once may be its rest: it is long, and its sentence does not end with it."""
    return len(quoted) >= WRAPS_FROM and quoted[-1] not in ".:;!?)"


def _begins_quote(line: str) -> bool:
    bare = line.strip()
    return bare.startswith(_MARK) or bool(_UNMARKED.match(bare) or _SIGNS.match(bare))


def _unwrapped(lines: Sequence[str]) -> list[str]:
    """The lines, and in one what says who wrote the quote below, though a mail program broke it over several: marked as its lines are,
    or as the head of a quote without marks.
    """
    whole: list[str] = []
    first = 0
    while first < len(lines):
        taken, line = _attribution_at(lines, first)
        whole.append(line)
        first += taken
    return whole


def _attribution_at(lines: Sequence[str], first: int) -> tuple[int, str]:
    """How many lines from there on name the writer of the quote, and the one that they make, marked; else the line as it stands."""
    joined = ""
    for taken, line in enumerate(lines[first : first + WRAPPED_OVER], 1):
        if not line.strip() or _begins_quote(joined) or _begins_quote(line):
            break
        joined = f"{joined} {line.strip()}".strip()
        if _ATTRIBUTES.match(joined):
            follows = next((one.strip() for one in lines[first + taken :] if one.strip()), "")
            if _names_the_writer(joined, follows):
                is_marked = not follows or follows.startswith(_MARK)
                return taken, f"{_MARK if is_marked else 'From:'} {joined}"
    return 1, lines[first]


def _names_the_writer(line: str, follows: str) -> bool:
    """Whether it says who wrote a quote: it holds an address; or it ends with a colon, and marked lines follow, or nothing."""
    return "@" in line or (line.endswith(":") and (not follows or follows.startswith(_MARK)))


def _parsed(content: str) -> EmailMessage:
    """Whatever bytes came; a mail that is none is an empty one."""
    parser: BytesParser[EmailMessage] = BytesParser(policy=default)
    return parser.parsebytes(content.encode("utf-8", "surrogateescape"))


def _header(message: EmailMessage, name: str) -> str:
    """A header that its sender may have mangled."""
    try:
        return str(message.get(name, "")).strip()
    except (ValueError, IndexError, AttributeError, TypeError):
        return ""


def _is_machine(message: EmailMessage, mail: Mapping[str, Any]) -> bool:
    """No person wrote it (RFC 3834), or it tells what became of our own mail, which SES tells us better."""
    automatic = _header(message, "Auto-Submitted").lower()
    precedence = _header(message, "Precedence").lower()
    returns = [
        text(one, "value") for one in items(mail, "headers") if text(one, "name").lower() == "return-path"
    ]
    source = text(mail, "source").lower()
    return (
        (automatic not in {"", "no"})
        or precedence in {"bulk", "list", "junk", "auto_reply"}
        or bool(_header(message, "X-Autoreply") or _header(message, "X-Auto-Response-Suppress") == "All")
        or message.get_content_type() == "multipart/report"
        or source.startswith(("mailer-daemon@", "postmaster@"))
        or "<>" in returns
        or bool(_AUTO_SUBJECT.match(_header(message, "Subject")))
    )


def _text_of(message: EmailMessage) -> str:
    """The plain part, else the HTML without its marks and quotes."""
    found = message.get_body(preferencelist=("plain", "html"))
    if found is None:
        return ""
    try:
        content = str(found.get_content())[:LONGEST]
    except (LookupError, ValueError, AttributeError, KeyError):
        payload = found.get_payload(decode=True)
        content = payload.decode("utf-8", "replace")[:LONGEST] if isinstance(payload, bytes) else ""
    if found.get_content_type() == "text/html":
        content = unescape(_TAG.sub(" ", _BREAK.sub("\n", _without_blocks(content))))
    return content


def _without_blocks(page: str) -> str:
    """HTML without what nobody reads in it, and a mark for what is quoted; looked through once, whatever it is made of."""
    kept: list[str] = []
    read_to, left_open = 0, set[str]()
    for begins in _BLOCK.finditer(page):
        name = begins[1].lower()
        if begins.start() < read_to or name in left_open:
            continue
        ends = _end_of(page, name, begins.start())
        if ends is None:
            left_open.add(name)
            continue
        kept += [page[read_to : begins.start()], *([_QUOTED] if name == "blockquote" else [])]
        read_to = ends
    return " ".join((*kept, page[read_to:]))


def _end_of(page: str, name: str, first: int) -> int | None:
    """Where the block ends that begins there, with all quotes inside it; where not all of them end, with the last that does. None: it
    has no end.
    """
    depth, ends = 0, None
    for tag in re.compile(f"<(/?){name}\\b(?:[^<>]{{0,2000}}>)?", re.IGNORECASE).finditer(page, first):
        if tag[1]:
            depth, ends = depth - 1, tag.end()
            if depth <= 0 or name != "blockquote":
                return ends
        else:
            depth += 1
    return ends


_QUOTED = f"<br>{escape(_MARK)}<br>"
"""What stands for a page's quote: what is written below it is the writer's own again."""


def _first_file(message: EmailMessage) -> str:
    """The name by which an attached receipt can be found in the kept mail; empty: none."""
    for number, one in enumerate(message.iter_attachments() if message.is_multipart() else (), 1):
        if one.get_content_type().startswith(FILES):
            return f"part-{number}"
    return ""


def _answered(message: EmailMessage) -> str:
    """SES's id of our message that this one answers."""
    named = re.findall(
        r"<([^<>@\s]{1,200})@([^<>\s]{1,200})>",
        _header(message, "In-Reply-To") + _header(message, "References"),
    )
    return next((left for left, domain in reversed(named) if domain.endswith(OURS)), "")
