"""One request to the page: whose link it is, whether somebody showed that they are that person, and what they said."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from recobro.domain.acting import Statement, to_read
from recobro.domain.attempt import ContactAttempt
from recobro.domain.channel import Channel
from recobro.domain.client import Brand
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import today_of
from recobro.domain.facts import AttemptClaimed, Fact, MessageReceived
from recobro.domain.masking import masked
from recobro.domain.refusal import Refusal
from recobro.domain.session import form_key, is_form_of, open_session
from recobro.domain.tokens import Token, read
from recobro.errors import NotFound
from recobro.house import House
from recobro.pages.scene import LANGUAGES, Scene
from recobro.ports import Content, Loaded
from recobro.usecases.heard_words import heard_words
from recobro.usecases.saving import Change, change
from recobro.usecases.shared_holds import rest_first, rest_for_all
from recobro.web import COOKIE, SPEAKS, Asked, Shown

Decides = Callable[[Debtor, datetime], Sequence[Fact] | Refusal]


@dataclass(frozen=True)
class Visit:
    """sent: the message that led here; None: its history is gone. is_in: whether the person was identified."""

    house: House
    asked: Asked
    token: Token
    loaded: Loaded
    sent: ContactAttempt | None
    scene: Scene
    is_in: bool

    @property
    def debtor(self) -> Debtor:
        return self.loaded.debtor

    @property
    def brand(self) -> Brand | None:
        """The creditor that the message was about."""
        return self.scene.brand(self.sent.creditor) if self.sent is not None else None

    @property
    def statement(self) -> Statement:
        """How what is said here came: the person, the form's own number and all that was put into it name it, so that a second click
        says nothing new, and whoever goes back and puts something else into the same form says that.
        """
        said = sorted(self.asked.fields.items())
        proof = self.asked.upload.body if self.asked.upload is not None else b""
        ident = hashlib.sha256(repr(said).encode() + b"\0" + proof).hexdigest()[:32]
        sent = self.sent
        return Statement(
            channel=sent.channel if sent is not None else Channel.EMAIL,
            ident=f"portal {self.debtor.id} {self.asked.page} {ident}",
            point=sent.point if sent is not None else "",
            attempt=sent.id if sent is not None else "",
        )

    def go(self, page: str = "", done: str = "") -> Shown:
        """Go on to a page of this link, and say there what was done."""
        return Shown(to=self.scene.path + (f"/{page}" if page else "") + (f"?done={done}" if done else ""))

    def act(
        self, intent: str, decide: Decides, words: str = "", *, is_letter: bool = False
    ) -> Refusal | None:
        """Save what `decide` makes of it together with what was said; a repetition, which makes nothing of it, is not kept.

        words: the person's own; cards, codes and keys are masked before they are kept. is_letter: written for somebody to read,
        who is asked to where nothing else comes of them.
        """
        refused: list[Refusal] = []

        def facts(debtor: Debtor, now: datetime) -> Change:
            decided = decide(debtor, now)
            refused[:] = [decided] if isinstance(decided, Refusal) else []
            if isinstance(decided, Refusal):
                return Change()
            said = _said(debtor, self.statement, intent, words)
            is_news = is_letter and all(one.said != said.digest for one in debtor.approaches)
            if not decided and not is_news:
                return Change()
            decided = decided or to_read(debtor, self.statement, self.house.playbook, now)
            came = self.statement
            heard = MessageReceived(
                came.channel, came.point, said.digest, intent, came.attempt, "own" if self.is_in else ""
            )
            return Change((heard, *decided), (said,))

        now = self.house.now()
        # The others first: a page that fails is not always sent again.
        rest_first(self.house, self.debtor, facts(self.debtor, now).facts, now)
        saved = change(self.house, self.debtor.id, facts, self.loaded).debtor
        short = self.statement.short
        rest_for_all(self.house, saved, (one for one in saved.holds if one.id.endswith(short)))
        return refused[0] if refused else None


def _said(debtor: Debtor, statement: Statement, intent: str, words: str) -> Content:
    """What they wrote; who only chose is kept with what they chose."""
    return heard_words(debtor, "portal", statement.short, masked(words.strip()) or f"[{intent}]")


def visit(house: House, asked: Asked, purpose: str = "p") -> Visit:
    """Raises InvalidInput for a link that is not ours or has expired, NotFound for a person who is gone."""
    token = read(asked.token, purpose, house.secrets.derived("links"), house.now())
    loaded = house.ledger.load(token.debtor_id)
    if loaded is None or loaded.debtor.is_erased:
        raise NotFound("no such person")
    debtor, now = loaded.debtor, house.now()
    cookie, key = asked.cookies.get(COOKIE, ""), house.secrets.derived("sessions")
    is_in = bool(cookie) and open_session(cookie, debtor.id, key, now)
    scene = Scene(
        playbook=house.playbook,
        debtor=debtor,
        language=language_of(asked, debtor.profile.language),
        path=f"/{purpose}/{asked.token}",
        today=today_of(debtor, house.playbook, now),
        form_key=form_key(cookie, key, debtor.version) if is_in else "",
        nonce=f"{house.chance.getrandbits(64):016x}",
    )
    return Visit(house, asked, token, loaded, _sent(house, debtor, token), scene, is_in)


def is_own_form(found: Visit) -> bool:
    """Whether what was posted is a form of this page, made for this session."""
    cookie, key = found.asked.cookies.get(COOKIE, ""), found.house.secrets.derived("sessions")
    return is_form_of(cookie, found.asked.one("form"), key)


def language_of(asked: Asked, known: str) -> str:
    """What was clicked, else chosen on this device before, else what we write to the person in, else what the browser asks for."""
    wished = (asked.query.get("lang", ""), asked.cookies.get(SPEAKS, ""), known[:2], asked.speaks[:2].lower())
    return next((one for one in wished if one in LANGUAGES), "es")


def _sent(house: House, debtor: Debtor, token: Token) -> ContactAttempt | None:
    """The message that holds the link: in the record, or, once the record has forgotten it, in the history."""
    known = debtor.attempt_beginning(token.attempt)
    if known is not None:
        return known
    claims = (
        one.fact.attempt for one in house.ledger.history(debtor.id) if isinstance(one.fact, AttemptClaimed)
    )
    return next((one for one in claims if one.id.startswith(token.attempt)), None)


def as_of_now(found: Visit, loaded: Loaded) -> Visit:
    """The visit as the record stands after something was saved."""
    return replace(found, loaded=loaded, scene=replace(found.scene, debtor=loaded.debtor))
