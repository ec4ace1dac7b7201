"""What a regulator may rely on: the archive shows everything that was recorded, and no byte of it can be changed unnoticed."""

import ast
import hashlib
import inspect
import json
import random
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from infra.evidence.archive import VERIFIER, KmsSigner, archive, manifest
from infra.evidence.collecting import INWARD, Collected, collected
from infra.evidence.page_codes import code_name
from infra.evidence.page_details import details
from infra.evidence.page_words import words
from infra.evidence.verify_evidence import (
    FIRST,
    FIRST_VIEWS,
    MANIFEST,
    SCHEMA,
    SIGNATURE,
    VIEWS,
    Broken,
    canonical,
    fingerprint,
    main,
    packed,
    public_numbers,
    signature_holds,
    statement,
    unpacked,
    verify,
)
from recobro.bootstrap import Surroundings
from recobro.domain import facts as f
from recobro.domain.attempt import AttemptStatus
from recobro.domain.channel import Channel, Kind
from recobro.domain.contact_point import Level, PointKind, PointState
from recobro.domain.debt import DebtStatus, Role
from recobro.domain.hold import HoldReason
from recobro.domain.pay_link import LinkStatus
from recobro.domain.payment import Payment
from recobro.domain.plan import Authority, PaymentPlan, PlanOffer, PlanPart, PlanStatus
from recobro.domain.playbook import Switches
from recobro.domain.promise import PromiseStatus, PromiseToPay
from recobro.house import House
from recobro.intake.mapping import LINES
from recobro.intake.vocabulary import LEGAL_EVENTS, OUTCOMES, PROVENANCES
from recobro.law import asked
from recobro.pages.words_desk_es import WORDS
from recobro.playbook_file import addresses
from recobro.ports import Content, Inbound
from recobro.usecases.receive_message import receive_message
from recobro.usecases.saving import Change, change
from recobro.usecases.send import send
from recobro.usecases.tasks import CALL_OUTCOMES, DISPOSITIONS, close
from tests.house import Clock, PretendCarrier, house, settle_in, standing
from tests.sample import AMINTA, debtor, playbook
from tests.sample import MONDAY_NOON_MX as NOW
from tests.visitor import Visitor, link_to

Files = dict[str, bytes]
AGENCY = "Agencia de Prueba, S.C."


@contextmanager
def recorded(
    backend: str, more: Callable[[House], object] = lambda home: None
) -> Iterator[tuple[Collected, KmsSigner, datetime]]:
    """A person with a contact, an answer, a note and a payment: what was collected, who signs, and when. more: what happens then."""
    clock, book = Clock(), playbook()
    book = replace(book, hashes={**addresses(book), "plan": "one"})
    with house(clock, book=book, backend=backend) as home:
        settle_in(home, debtor())
        home.lookups.add(home.keys.point("+525550100001"), AMINTA)
        valid_until = clock.now + timedelta(minutes=9)
        assert send(home, PretendCarrier(), "sms", AMINTA, valid_until, Switches).result == "sent"
        clock.forward(hours=1)
        receive_message(
            home, Inbound("in-1", "sms", "+525550100001", "quiero hablar con una persona", clock.now)
        )
        task = standing(home, AMINTA).tasks[-1].id
        close(home, AMINTA, task, "done", note="Dice que paga mañana")
        payment = Payment("standard#pi_1", "muebles/A1", 50_000, "MXN", clock.now)
        change(home, AMINTA, lambda debtor, now: (f.PaymentPosted(payment),))
        more(home)
        kms = home.client("kms")
        made = kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec="RSA_2048")["KeyMetadata"]
        yield collected(home, AMINTA), KmsSigner(kms, made["Arn"]), clock.now


def dispute_on_the_page(home: House) -> Visitor:
    page = Visitor(home, link_to(home)).enter().open("dispute")
    return page.send("dispute", debt="muebles/A1", words="No es mi firma")


OLDER = "7" * 32


def dispute_in_an_older_release(home: House) -> None:
    """Those hashed what was written on the page with more than they kept of it."""
    heard = f.MessageReceived(Channel.SMS, "p1", OLDER, "dispute")
    kept = Content("inbound", "", "portal", {"body": "No es mi firma", "id": "a1b2c3d4e5f6"}, OLDER)
    change(home, AMINTA, lambda debtor, now: Change((heard,), (kept,)))


def choose_on_the_page(home: House) -> Visitor:
    return Visitor(home, link_to(home)).enter().open("hardship").send("hardship")


Evidence = tuple[Collected, bytes, bytes, str]
"""What was collected, the archive signed, unsigned, and the key's name."""


@pytest.fixture(scope="module", params=["ministack", "moto"])
def evidence(request: pytest.FixtureRequest) -> Iterator[Evidence]:
    with recorded(request.param, dispute_on_the_page) as (found, signer, now):
        named = fingerprint(signer.public_key())
        yield found, archive(found, AGENCY, now, signer), archive(found, AGENCY, now, None), named


@pytest.fixture(scope="module")
def small() -> Iterator[tuple[bytes, bytes]]:
    """The same record, signed and not, without page, program and laws: short enough to be harmed everywhere."""
    with recorded("ministack") as (found, signer, now):
        for digest in found.rules:
            found.missing.append(f"the rules {digest[:12]}")
        found.rules = {}

        def cut(by: KmsSigner | None) -> bytes:
            files = unpacked(archive(found, AGENCY, now, by))
            names = [one for one in files if one.endswith((".jsonl", "person.json", "key.der"))]
            listed = {one: files[one] for one in names}
            listed[MANIFEST] = manifest(found, AGENCY, "2026-03-09T19:00:00Z", listed, by)
            if by is not None:
                listed[SIGNATURE] = by.sign(statement(listed[MANIFEST]))
            return packed(listed)

        yield cut(signer), cut(None)


def test_what_aws_signed_the_stand_alone_program_verifies(
    evidence: Evidence,
) -> None:
    found, signed, _, _ = evidence
    said = verify(signed)

    assert said["count"] == len(found.history)
    assert said["head"] == found.history[-1].hash
    assert found.missing == []


def test_the_program_in_the_archive_runs_alone(evidence: Evidence, tmp_path: Path) -> None:
    _, signed, unsigned, named = evidence
    program = tmp_path / "verify_evidence.py"
    program.write_bytes(unpacked(signed)["verify_evidence.py"])
    file = tmp_path / "evidence.zip"

    def ended(body: bytes, *more: str) -> int:
        file.write_bytes(body)
        command = [sys.executable, "-I", "-S", str(program), str(file), *more]
        return subprocess.run(command, capture_output=True, check=False).returncode  # noqa: S603 - our own

    assert ended(signed, "--fingerprint", named) == 0
    assert ended(signed) == 2, "nobody said whose signature it must be"
    assert ended(signed, "--fingerprint", "0" * 64) == 1
    assert ended(unsigned) == 2
    assert ended(signed[:-1], "--fingerprint", named) == 1


def test_it_holds_everything_that_was_said_and_by_what_right(
    evidence: Evidence,
) -> None:
    files = unpacked(evidence[1])
    shown = {name: [json.loads(line) for line in files[name].decode().splitlines()] for name in VIEWS}

    assert "te escribe" in shown["messages.jsonl"][0]["said"]["text"]
    heard = [one["said"]["text"] for one in shown["received.jsonl"]]
    assert heard == ["quiero hablar con una persona", "No es mi firma"], "by message and on the page"
    assert [one["said"]["text"] for one in shown["notes.jsonl"] if "said" in one] == ["Dice que paga mañana"]
    assert shown["verdicts.jsonl"][0]["decided_again"] == "same"
    assert all(one["source"] for one in shown["verdicts.jsonl"][0]["asked"])
    assert any(one["fact"]["kind"] == "payment_posted" for one in shown["payments.jsonl"])
    assert sum(name.startswith("rules/") for name in files) >= 3, "template, strategy, law"


def test_who_used_the_page_has_an_archive_that_holds_whatever_they_did_there() -> None:
    with recorded("ministack", choose_on_the_page) as (found, _, now):
        verify(archive(found, AGENCY, now, None))
        said = found.views["received.jsonl"][-1]["said"]

        assert (said["channel"], said["text"]) == ("portal", "[hardship]")
        assert found.missing == []


def test_words_that_nobody_can_hash_again_are_not_shown_as_proven_and_it_says_so() -> None:
    with recorded("ministack", dispute_in_an_older_release) as (found, _, now):
        verify(archive(found, AGENCY, now, None))

        assert found.views["received.jsonl"][-1]["said"] is None
        assert found.missing == [f"proof of the words received by sms ({OLDER[:12]})"]


def test_any_ordinary_program_opens_it(evidence: Evidence) -> None:
    with zipfile.ZipFile(BytesIO(evidence[1])) as opened:
        assert opened.testzip() is None
        assert {"index.html", "facts.jsonl", "verify_evidence.py"} <= set(opened.namelist())


def test_no_byte_can_be_changed(small: tuple[bytes, bytes]) -> None:
    """Every byte of a small archive, signed or not."""
    for body in small:
        verify(body)
        for place in range(len(body)):
            changed = bytearray(body)
            changed[place] ^= 1 << place % 8
            with pytest.raises(Broken):
                verify(bytes(changed))


def test_no_byte_of_page_program_or_law_can_be_changed(evidence: Evidence) -> None:
    chance = random.Random(4)
    for _ in range(300):
        changed = bytearray(evidence[1])
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        with pytest.raises(Broken):
            verify(bytes(changed))


def test_it_can_be_cut_nowhere_and_nothing_can_be_added(small: tuple[bytes, bytes]) -> None:
    for body in small:
        for length in range(len(body)):
            with pytest.raises(Broken):
                verify(body[:length])
        for more in (b"\0", body):
            with pytest.raises(Broken):
                verify(body + more)
            with pytest.raises(Broken):
                verify(more + body)


def test_a_forger_who_mends_checksums_and_manifest_changes_no_byte_of_what_happened(
    small: tuple[bytes, bytes],
) -> None:
    """Unsigned, so that nothing but the chain itself stands in the way."""
    files = unpacked(small[1])
    facts = files["facts.jsonl"]
    for place in range(len(facts)):
        changed = bytearray(facts)
        changed[place] ^= 1 << place % 7
        with pytest.raises(Broken):
            verify(_rewritten({**files, "facts.jsonl": bytes(changed)}, head_of=facts))


def test_no_record_can_be_dropped(small: tuple[bytes, bytes]) -> None:
    """Each line of each file, by somebody who writes the manifest anew; unsigned, only the end of the chain can go unnoticed."""
    for body in small:
        files = unpacked(body)
        for name in ("facts.jsonl", *VIEWS):
            lines = files[name].splitlines(keepends=True)
            for place in range(len(lines)):
                left = b"".join(lines[:place] + lines[place + 1 :])
                with pytest.raises(Broken):
                    verify(_rewritten({**files, name: left}, head_of=files["facts.jsonl"]))


def test_what_is_not_there_has_to_be_admitted(evidence: Evidence) -> None:
    """An agency that leaves out its words, or the law that it says it kept, has to say so on its face."""
    found, _, unsigned, _ = evidence
    files = unpacked(unsigned)
    lines = [json.loads(line) for line in files["messages.jsonl"].splitlines()]
    silent = b"".join(canonical({**line, "said": None}).encode() + b"\n" for line in lines)
    with pytest.raises(Broken, match="its words are not there"):
        verify(_rewritten({**files, "messages.jsonl": silent}))
    for digest in found.rules:
        left = {name: body for name, body in files.items() if digest not in name}
        with pytest.raises(Broken, match="on which a decision rested"):
            verify(_rewritten(left))


def test_rules_that_are_lost_are_admitted_and_todays_do_not_stand_for_them() -> None:
    """That today's rules would decide the same proves nothing of what was decided then."""
    clock, book = Clock(), playbook()
    book = replace(book, hashes={**addresses(book), "plan": "one"})
    other = replace(book, strategy=replace(book.strategy, max_tries=book.strategy.max_tries + 1))
    other = replace(other, hashes={**addresses(other), "plan": "two"})
    with house(clock, book=book) as home:
        settle_in(home, debtor())
        valid_until = clock.now + timedelta(minutes=9)
        assert send(home, PretendCarrier(), "sms", AMINTA, valid_until, Switches).result == "sent"
        attempt = standing(home, AMINTA).attempts[0]
        later = House(home.settings, Surroundings(home.client, clock, random.Random(9)), other)
        made = archive(collected(later, AMINTA), AGENCY, clock.now, None)
    files = unpacked(made)
    (verdict,) = (json.loads(line) for line in files["verdicts.jsonl"].splitlines())
    html = files["index.html"].decode()

    assert verify(made)["missing"] == [f"the rules of attempt {attempt.id} ({attempt.book})"]
    assert (verdict["decided_again"], verdict["bound"], verdict["asked"]) == ("rules_lost", {}, [])
    assert "Las reglas con que se decidió no constan en este archivo" in html
    assert "todas lo permitían" not in html
    with pytest.raises(Broken, match=r"the strategy shown with fact 2\.1"):
        verify(_rewritten(files, missing=[]))


def test_no_other_strategy_or_law_is_shown_than_the_one_that_a_contact_names(evidence: Evidence) -> None:
    files = unpacked(evidence[2])
    (verdict,) = (json.loads(line) for line in files["verdicts.jsonl"].splitlines())
    for name, other in (("strategy", "law.MX"), ("law.MX", "strategy")):
        swapped = {**verdict, "bound": {**verdict["bound"], name: verdict["bound"][other]}}
        changed = canonical(swapped).encode() + b"\n"
        with pytest.raises(Broken, match="is not the one that it was decided with"):
            verify(_rewritten({**files, "verdicts.jsonl": changed}))


def test_what_a_promise_or_a_plan_was_judged_by_is_shown_in_its_currency() -> None:
    day = date(2026, 3, 12)
    promise = PromiseToPay("m1", 1, "muebles", "MXN", 50_000, day, day, NOW, debts=("muebles/A1",))
    parts = (PlanPart(day, 150_000, day),)
    offer = PlanOffer(
        "o1", "p", "muebles", "MXN", parts, 150_000, 0, ("muebles/A1",), Authority.AUTOMATIC, NOW
    )
    facts = (
        f.PromiseMade(promise),
        f.PromiseJudged("m1", PromiseStatus.KEPT, 50_000),
        f.PlanAgreed(PaymentPlan("pl1", 1, offer, NOW)),
        f.PlanJudged("pl1", PlanStatus.BROKEN, 40_000, 1, 1),
    )
    with recorded("ministack", lambda home: change(home, AMINTA, lambda debtor, now: facts)) as it:
        found, _, now = it
        html = unpacked(archive(found, AGENCY, now, None))["index.html"].decode()

    assert "pagado <b>500.00 MXN</b>" in html
    assert "pagado <b>400.00 MXN</b>" in html
    assert "50000" not in html


def test_no_words_are_left_out_behind_what_is_admitted_of_others(evidence: Evidence) -> None:
    """Each is admitted by its own name: the agency cannot hide what it said behind a law that it lost."""
    files = unpacked(evidence[2])
    attempt = json.loads(files["messages.jsonl"].splitlines()[0])["fact"]["attempt"]
    for name in ("messages.jsonl", "received.jsonl", "notes.jsonl"):
        lines = [json.loads(line) for line in files[name].splitlines()]
        silent = b"".join(canonical({**line, "said": None}).encode() + b"\n" for line in lines)
        law = [f"law.MX (0123456789ab) of attempt {attempt['id']}"] * 9
        with pytest.raises(Broken, match="its words are not there"):
            verify(_rewritten({**files, name: silent}, missing=law))
        digests = [line["fact"].get("content") or line["fact"].get("note") or "" for line in lines]
        named = [f"words ({one[:12]})" for one in (*digests, attempt["content"]) if one]
        verify(_rewritten({**files, name: silent}, missing=named))


def test_who_pressed_a_button_wrote_nothing_that_could_be_lost() -> None:
    """A one-click unsubscription has no words."""
    pressed = f.MessageReceived(Channel.SMS, "p1", "", "opt_out")
    with recorded("ministack", lambda home: change(home, AMINTA, lambda debtor, now: (pressed,))) as it:
        found, _, now = it
        verify(archive(found, AGENCY, now, None))
        assert found.missing == []


def test_who_opens_a_channel_again_is_not_shown_as_contacted_against_their_word() -> None:
    stopped, again = f.ChannelStopped("sms", "opt_out"), f.ChannelReopened("sms", "portal 2026-03-09")
    with recorded("ministack", lambda home: change(home, AMINTA, lambda debtor, now: (stopped, again))) as it:
        found, _, now = it
        kinds = [one["fact"]["kind"] for one in found.views["consents.jsonl"]][-2:]
        html = unpacked(archive(found, AGENCY, now, None))["index.html"].decode()

        assert kinds == ["channel_stopped", "channel_reopened"]
        assert "Volvió a abrir un canal" in html
        assert "portal 2026-03-09" in html


def test_every_kind_of_fact_is_shown_or_known_to_order_only_our_own_work() -> None:
    """A new kind has to find its place: a page that says that it shows everything must not leave it out unnoticed."""
    every = {f.kind_of(one.__new__(one)) for one in f.Fact.__args__}
    shown = set().union(*VIEWS.values())

    assert shown | INWARD == every
    assert not shown & INWARD


def test_an_archive_of_the_first_schema_is_still_read(evidence: Evidence) -> None:
    files = unpacked(evidence[2])
    manifest = {**json.loads(files[MANIFEST]), "schema": FIRST}
    for name, kinds in FIRST_VIEWS.items():
        lines = [json.loads(line) for line in files[name].splitlines()]
        then = [one for one in lines if one["fact"]["kind"] in kinds]
        files[name] = b"".join(canonical(one).encode() + b"\n" for one in then)
    old = {**files, MANIFEST: canonical(manifest).encode()}

    assert verify(_rewritten(old))["schema"] == FIRST
    with pytest.raises(Broken, match="shows"):
        verify(_rewritten({**old, MANIFEST: canonical({**manifest, "schema": SCHEMA}).encode()}))


def test_what_must_be_signed_and_is_not_does_not_hold(evidence: Evidence, tmp_path: Path) -> None:
    """Who takes the signature off and cuts the end of the chain is not excused by there being none."""
    file, told = tmp_path / "evidence.zip", list[str]()
    file.write_bytes(evidence[2])

    assert main([str(file), "--fingerprint", evidence[3]], told.append) == 1
    assert any("nobody signed it" in line for line in told)
    assert main([str(file)], told.append) == 2


def test_nothing_in_an_archive_speaks_in_the_programs_own_name(evidence: Evidence, tmp_path: Path) -> None:
    files, file, told = unpacked(evidence[2]), tmp_path / "evidence.zip", list[str]()
    manifest = json.loads(files[MANIFEST])
    for name, value in (
        ("written_at", f"{manifest['written_at']}.\nSigned by the key"),
        ("person", f"{manifest['person']}\x1b[8m"),
        ("head", f"{manifest['head']}\n"),
    ):
        forged = canonical({**manifest, name: value}).encode()
        with pytest.raises(Broken, match=f"{name} is not spelt|the chain ends"):
            verify(packed({**files, MANIFEST: forged}))
    file.write_bytes(_rewritten(files, missing=["nothing\x1b[8m\nSigned by the key \u202e0"]))

    assert main([str(file)], told.append) == 2
    assert all(line.isprintable() for line in told)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_is_packed_smaller_is_refused_before_it_is_opened(method: int) -> None:
    """269 bytes could unpack to as much memory as there is; ours are stored as they are."""
    into = BytesIO()
    with zipfile.ZipFile(into, "w", method) as bomb:
        bomb.writestr(MANIFEST, bytes(1 << 20))
    with pytest.raises(Broken, match="packed smaller"):
        verify(into.getvalue())


def test_a_place_that_no_file_can_have_is_no_archive() -> None:
    """A hundred bytes whose directory points beyond what a seek can reach."""
    body, name, beyond = b"x", b"a", struct.pack("<HHQ", 1, 8, 2**64 - 2)
    sizes = (zlib.crc32(body), 1, 1, 1)
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 0x21, *sizes, 0) + name + body
    entry = struct.pack(
        "<4s6H3I5H2I", b"PK\1\2", 45, 45, 0, 0, 0, 0x21, *sizes, len(beyond), 0, 0, 0, 0, 2**32 - 1
    )
    directory = entry + name + beyond
    tail = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(directory), len(local), 0)
    with pytest.raises(Broken, match="no whole archive"):
        verify(local + directory + tail)


def _drop(lines: list[bytes], chance: random.Random) -> list[bytes]:
    place = chance.randrange(len(lines))
    return lines[:place] + lines[place + 1 :]


def _cut(lines: list[bytes], chance: random.Random) -> list[bytes]:
    return lines[: chance.randrange(len(lines))]


def _swap(lines: list[bytes], chance: random.Random) -> list[bytes]:
    one, other = chance.sample(range(len(lines)), 2)
    lines = list(lines)
    lines[one], lines[other] = lines[other], lines[one]
    return lines


def _repeat(lines: list[bytes], chance: random.Random) -> list[bytes]:
    place = chance.randrange(len(lines))
    return lines[: place + 1] + lines[place:]


def _reword(lines: list[bytes], chance: random.Random) -> list[bytes]:
    place = chance.randrange(len(lines))
    line = json.loads(lines[place])
    line["at"] = "2026-01-01T00:00:00Z"
    return [*lines[:place], canonical(line).encode() + b"\n", *lines[place + 1 :]]


@pytest.mark.parametrize("harm", [_drop, _cut, _swap, _repeat, _reword])
def test_a_forger_who_writes_the_manifest_anew_is_caught_by_signature_and_by_chain(
    evidence: Evidence,
    harm: Callable[[list[bytes], random.Random], list[bytes]],
) -> None:
    """Signed: the manifest is not theirs to write. Unsigned: facts and what is shown of them still have to agree; only the
    tail of a chain that nobody signed can be cut.
    """
    chance = random.Random(6)
    for body in evidence[1:3]:
        files = unpacked(body)
        names = ("facts.jsonl", *VIEWS) if body is evidence[1] or harm not in (_cut, _drop) else VIEWS
        for name in names:
            lines = files[name].splitlines(keepends=True)
            if len(lines) < (2 if harm is _swap else 1):
                continue
            with pytest.raises(Broken):
                verify(_rewritten({**files, name: b"".join(harm(lines, chance))}))


def test_other_words_are_not_the_words_that_were_recorded(
    evidence: Evidence,
) -> None:
    files = unpacked(evidence[2])
    for name in ("messages.jsonl", "received.jsonl", "notes.jsonl"):
        lines = [json.loads(line) for line in files[name].splitlines()]
        said = next(line["said"] for line in lines if line.get("said"))
        said["text"] += " o embargamos su casa"
        body = b"".join(canonical(line).encode() + b"\n" for line in lines)
        with pytest.raises(Broken, match="not the words that were recorded"):
            verify(_rewritten({**files, name: body}))


def test_a_file_can_be_neither_taken_away_nor_slipped_in(
    evidence: Evidence,
) -> None:
    files = unpacked(evidence[1])
    for name in files:
        with pytest.raises(Broken):
            verify(packed({one: body for one, body in files.items() if one != name}))
    with pytest.raises(Broken):
        verify(packed({**files, "letter.txt": b"never sent"}))


@pytest.mark.parametrize("name", ["letter.txt", "../../index.html", "rules/x.json", "rules/../facts.jsonl"])
def test_nobody_who_writes_the_manifest_anew_slips_in_what_is_no_part_of_a_record(
    evidence: Evidence, name: str
) -> None:
    with pytest.raises(Broken, match="no part of a record"):
        verify(_rewritten({**unpacked(evidence[2]), name: b"never sent"}))


def test_what_only_the_signature_vouches_for_is_said_so(evidence: Evidence, tmp_path: Path) -> None:
    """The page can say what it likes where nobody signed it."""
    file, told = tmp_path / "evidence.zip", list[str]()
    file.write_bytes(_rewritten({**unpacked(evidence[2]), "index.html": b"Nobody was ever contacted."}))

    assert main([str(file)], told.append) == 2
    assert any("No hash of a fact covers index.html" in line for line in told)


def test_the_program_speaks_the_python_that_old_machines_have() -> None:
    """3.9 has no `X | Y` where it runs and no `strict` of zip, 3.8 no removeprefix; annotations are not run."""
    tree = ast.parse(VERIFIER.read_text("utf-8"), feature_version=(3, 8))
    newer = [
        ast.unparse(one)
        for one in ast.walk(tree)
        if (isinstance(one, ast.keyword) and one.arg == "strict")
        or (isinstance(one, ast.Attribute) and one.attr in {"removeprefix", "removesuffix"})
    ]

    assert newer == []
    assert "from __future__ import annotations" in VERIFIER.read_text("utf-8").splitlines()


def test_a_signature_cannot_be_taken_off_unnoticed(evidence: Evidence) -> None:
    files = unpacked(evidence[1])
    del files[SIGNATURE]
    with pytest.raises(Broken, match="signature"):
        verify(packed(files))


def test_a_weak_or_foreign_key_proves_nothing(evidence: Evidence) -> None:
    files = unpacked(evidence[1])
    key = files["public_key.der"]
    modulus, exponent = public_numbers(key)
    assert (modulus.bit_length(), exponent) == (2048, 65537)
    signed = statement(files[MANIFEST])
    assert len(signed) <= 4_096, "KMS takes no more"
    assert signature_holds(signed, files[SIGNATURE], key)
    assert not signature_holds(signed + b" ", files[SIGNATURE], key)
    assert not signature_holds(signed, bytes(256), key)
    with pytest.raises(Broken):
        public_numbers(key[:-1])
    with pytest.raises(Broken, match="weak"):
        public_numbers(key.replace(modulus.to_bytes(256, "big"), bytes(255) + b"\x0f"))


def test_the_page_speaks_the_person_s_language_and_fetches_nothing(
    evidence: Evidence,
) -> None:
    html = unpacked(evidence[1])["index.html"].decode()
    assert "de quién <b>de esta persona</b>" in html
    assert "superada <b>sí</b>" in html

    assert "Contactos que hicimos" in html
    assert "<p class='meta'>se envió " in html
    assert " · SMS · +" in html
    assert "<p class='meta'>cobranza · " in html
    assert "<td>número de contactos</td>" in html
    assert "quiero hablar con una persona" in html
    assert evidence[3] in html
    assert "SIN FIRMA" in unpacked(evidence[2])["index.html"].decode()
    assert not any(one in html for one in ("<script", "<link", "src=", "@import", "url("))


def test_every_kind_that_is_shown_has_its_words_in_every_language() -> None:
    kinds = set().union(*VIEWS.values())
    for language in ("es", "pt-BR", "en", "qu"):
        assert kinds <= set(words(language))


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        ("channel", list(Channel)),
        ("kind", [*Kind, *PointKind]),
        ("status", [*AttemptStatus, *DebtStatus, *PromiseStatus, *PlanStatus, *LinkStatus]),
        ("state", list(PointState)),
        ("level", list(Level)),
        ("reason", list(HoldReason)),
        ("role", list(Role)),
        ("disposition", list(DISPOSITIONS)),
        (
            "outcome",
            sorted({*OUTCOMES.values(), *(code for _, code in CALL_OUTCOMES.values()), "lease_ended"}),
        ),
        ("why", ["charged_back", "refunded", "returned", "misplaced"]),
        (
            "reason",
            ["chargeback", "payment_returned", "overpaid", "release_letter", "words_refused", "final_review"],
        ),
        ("reason", sorted(one.removeprefix("reason_") for one in WORDS if one.startswith("reason_"))),
        ("event", sorted(set(LEGAL_EVENTS.values()))),
        ("authority", list(Authority)),
        ("line", list(LINES)),
        ("days", ["mon_fri", "sat", "sun"]),
        ("blocked", list(Channel)),
        ("channel", ["portal", "*"]),
        ("provenance", sorted(set(PROVENANCES.values()))),
    ],
)
def test_no_code_of_the_record_is_shown_to_a_regulator_as_a_code(field: str, codes: list[str]) -> None:
    for code in codes:
        spanish, portuguese = code_name(field, str(code), "es"), code_name(field, str(code), "pt-BR")
        assert (spanish, portuguese) == (code_name(field, str(code), "qu"), code_name(field, str(code), "pt"))
        assert "_" not in spanish + portuguese + code_name(field, str(code), "en")
        assert spanish.lower() in ("sms", "whatsapp") or spanish != str(code), f"{field} {code}"
    assert code_name(field, "something new", "es") == "something new"


@pytest.mark.parametrize(
    "status",
    [
        "paid",
        "reversed",
        "returned",
        "pending",
        "unconfirmed",
        "failed",
        "expired",
        "unrecognised",
        "misplaced",
    ],
)
def test_what_a_gateway_said_of_a_payment_is_said_of_the_payment(status: str) -> None:
    fact = {"kind": "payment_heard", "heard": {"status": status, "captured": 5, "currency": "MXN"}}
    shown = details(fact, "America/Mexico_City", "es", {})

    assert f"<b>{status}</b>" not in shown
    assert "saldo" not in shown
    assert "cobrado <b>0.05 MXN</b>" in shown


def test_every_family_of_rules_that_is_asked_has_its_name(evidence: Evidence) -> None:
    read = inspect.getsource(asked)
    families = re.findall(r'yield from \(\("([a-z ]+)", live\)', read)
    assert len(families) == read.count("yield from ((")
    assert len(families) > 5
    for family in families:
        assert family == "channel" or code_name("about", family, "es") != family, family


def _rewritten(files: Mapping[str, bytes], head_of: bytes = b"", missing: list[str] | None = None) -> bytes:
    """The archive with a manifest that names the files as they now are; the signature stays the old one.

    head_of: the facts whose head and count the manifest goes on to state; empty: those that are there. missing: what it admits.
    """
    plain = json.loads(files[MANIFEST])
    plain["missing"] = plain["missing"] if missing is None else missing
    plain["files"] = {
        name: hashlib.sha256(body).hexdigest()
        for name, body in files.items()
        if name not in (MANIFEST, SIGNATURE)
    }
    facts = (head_of or files["facts.jsonl"]).splitlines()
    plain["count"] = len(facts)
    plain["head"] = json.loads(facts[-1])["hash"] if facts else ""
    return packed({**files, MANIFEST: canonical(plain).encode()})
