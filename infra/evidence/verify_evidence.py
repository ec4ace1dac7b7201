"""Is this archive what the agency's ledger held, whole and unchanged? Python's own library and nothing else; no network.

    python verify_evidence.py evidence.zip --fingerprint <as the agency gave it to you>

Every byte of the file is spoken for: the archive has exactly one spelling, its manifest names every file by SHA-256, one
signature (RSASSA-PKCS1-v1_5 with SHA-256, RFC 8017) covers head, count and manifest, and the facts are a chain of hashes whose head and
count it states. Ends with 0: it holds; 1: it does not, and where; 2: it holds, but nobody signed it, or nobody can say who.
It runs on Python 3.8 and every later one.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import io
import json
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

SCHEMA, FIRST = "recobro-evidence/2", "recobro-evidence/1"
"""FIRST: of older archives, whose views showed fewer kinds of facts."""
MANIFEST, SIGNATURE, KEY = "manifest.json", "signature.bin", "public_key.der"
UNLISTED = {MANIFEST, SIGNATURE}
"""What the manifest cannot name: itself and the signature over it."""
ACCOUNT = ("index.html", "person.json")
"""What is told of the facts, and no hash of theirs covers: it is worth what the signature is worth."""
OTHERS = frozenset({*UNLISTED, *ACCOUNT, KEY, "facts.jsonl", "README.txt", "verify_evidence.py"})
RULES = re.compile(r"rules/[0-9a-f]{64}\.json", re.ASCII)

SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
"""The DER prefix of a SHA-256 digest (RFC 8017, section 9.2, note 1)."""
RSA_OID = bytes.fromhex("06092a864886f70d0101010500")
"""rsaEncryption with no parameters (RFC 8017, appendix C)."""
LEAST_BITS = 2048

FIRST_VIEWS: Mapping[str, frozenset[str]] = {
    "messages.jsonl": frozenset({"attempt_claimed"}),
    "verdicts.jsonl": frozenset({"attempt_claimed"}),
    "received.jsonl": frozenset({"message_received"}),
    "receipts.jsonl": frozenset({"attempt_progressed", "contact_reported", "notice_given"}),
    "consents.jsonl": frozenset(
        {
            "point_recorded",
            "point_state_changed",
            "point_channel_blocked",
            "channel_stopped",
            "waiver_granted",
            "waiver_ended",
            "call_back_agreed",
            "legal_event_happened",
        }
    ),
    "notes.jsonl": frozenset({"task_opened", "task_taken", "task_closed", "hold_placed", "hold_lifted"}),
    "payments.jsonl": frozenset(
        {
            "payment_posted",
            "payment_reversed",
            "promise_made",
            "promise_judged",
            "debt_recorded",
            "debt_status_changed",
        }
    ),
}
SHOWN_SINCE: Mapping[str, frozenset[str]] = {
    "received.jsonl": frozenset({"proof_given"}),
    "consents.jsonl": frozenset(
        {
            "channel_reopened",
            "hours_chosen",
            "debtor_opened",
            "profile_changed",
            "personal_changed",
            "erased",
        }
    ),
    "notes.jsonl": frozenset({"identity_checked"}),
    "payments.jsonl": frozenset(
        {
            "plan_agreed",
            "plan_judged",
            "payment_heard",
            "pay_link_made",
            "pay_link_voided",
            "pay_link_withdrawn",
            "letter_requested",
            "letter_progressed",
        }
    ),
}
"""Kinds that the views of the first schema left out."""
VIEWS = {name: kinds | SHOWN_SINCE.get(name, frozenset()) for name, kinds in FIRST_VIEWS.items()}
"""Each view shows every fact of its kinds, in their order, as it was recorded; no fact of them may be missing."""
VIEWS_OF = {SCHEMA: VIEWS, FIRST: FIRST_VIEWS}

SPELT = {
    "person": re.compile(r"d[0-9a-f]{23}"),
    "head": re.compile(r"([0-9a-f]{32})?"),
    "written_at": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", re.ASCII),
}
"""How the manifest spells what is told of the archive: a value that says more would speak in this program's name."""

UNREADABLE = (
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    RecursionError,
    OverflowError,
    struct.error,
    zlib.error,
)


class Broken(Exception):
    """The archive does not hold, and where."""


def verify(archive: bytes) -> Mapping[str, Any]:
    """What the archive's manifest says, when all of it holds. Raises Broken."""
    try:
        files = unpacked(archive)
        manifest = _manifest(files)
        _signed(files, manifest)
        facts = _chain(files, manifest)
        for name, kinds in VIEWS_OF[manifest["schema"]].items():
            _view(name, _lines(files, name), facts, kinds)
        _words(files, manifest)
        _kept(files, manifest)
    except UNREADABLE as error:
        raise Broken(f"it cannot be read: {type(error).__name__}: {error}") from error
    return manifest


# One spelling: what is in the file is what is written here, byte for byte.


def packed(files: Mapping[str, bytes]) -> bytes:
    """The one archive of those files: sorted by name, stored, without dates, comments or anything that says nothing."""
    out, directory = io.BytesIO(), io.BytesIO()
    for name in sorted(files):
        body, spelt, at = files[name], name.encode("ascii"), out.tell()
        sizes = (zlib.crc32(body), len(body), len(body))
        out.write(
            struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 0x21, *sizes, len(spelt), 0) + spelt + body
        )
        entry = struct.pack(
            "<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 0, 0, 0x21, *sizes, len(spelt), 0, 0, 0, 0, 0, at
        )
        directory.write(entry + spelt)
    tail = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, len(files), len(files), directory.tell(), out.tell(), 0)
    return out.getvalue() + directory.getvalue() + tail


def unpacked(archive: bytes) -> dict[str, bytes]:
    """The files of an archive in its one spelling. Raises Broken for any other."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            listed = opened.infolist()
            if any(one.compress_type != zipfile.ZIP_STORED for one in listed):
                raise Broken("it holds files that are packed smaller; ours are stored as they are")
            if sum(one.file_size for one in listed) > len(archive):
                raise Broken("it claims to hold more than it is long")
            files = {one.filename: opened.read(one) for one in listed}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, *UNREADABLE) as error:
        raise Broken(f"it is no whole archive: {error}") from error
    if packed(files) != archive:
        raise Broken("the file holds bytes that are not of this archive, or holds them in another order")
    return files


def canonical(plain: object) -> str:
    """One spelling for one content: sorted keys, no blanks."""
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _manifest(files: Mapping[str, bytes]) -> Mapping[str, Any]:
    if MANIFEST not in files:
        raise Broken("it has no manifest")
    manifest: Mapping[str, Any] = json.loads(files[MANIFEST])
    if canonical(manifest).encode() != files[MANIFEST]:
        raise Broken("the manifest is not in its one spelling")
    if manifest["schema"] not in VIEWS_OF:
        raise Broken(f"it is a {manifest['schema']}; this program reads {' and '.join(VIEWS_OF)}")
    for name, pattern in SPELT.items():
        if not pattern.fullmatch(manifest[name]):
            raise Broken(f"the manifest's {name} is not spelt as one")
    listed = manifest["files"]
    if set(listed) != set(files) - UNLISTED:
        raise Broken(f"missing or unlisted: {', '.join(sorted(set(listed) ^ (set(files) - UNLISTED)))}")
    known = OTHERS.union(VIEWS_OF[manifest["schema"]])
    for name, digest in listed.items():
        if name not in known and not RULES.fullmatch(name):
            raise Broken(f"{name} is no part of a record")
        if hashlib.sha256(files[name]).hexdigest() != digest:
            raise Broken(f"{name} is not what the manifest names")
    return manifest


# Who signed it


def _signed(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> None:
    if not manifest["signed"]:
        if SIGNATURE in files or KEY in files:
            raise Broken("it has a signature of which the manifest knows nothing")
        return
    if SIGNATURE not in files or KEY not in files:
        raise Broken("the manifest says that it is signed, and the signature or its key is missing")
    if not signature_holds(statement(files[MANIFEST]), files[SIGNATURE], files[KEY]):
        raise Broken("the signature does not hold over head, count and manifest")


def statement(manifest: bytes) -> bytes:
    """What is signed: the head and count of the chain, and the manifest by its hash."""
    plain = json.loads(manifest)
    said = {name: plain[name] for name in ("schema", "person", "head", "count", "written_at")}
    return canonical({**said, "manifest": hashlib.sha256(manifest).hexdigest()}).encode()


def signature_holds(message: bytes, signature: bytes, key: bytes) -> bool:
    """RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2.2). key: DER of a SubjectPublicKeyInfo."""
    modulus, exponent = public_numbers(key)
    size = (modulus.bit_length() + 7) // 8
    number = int.from_bytes(signature, "big")
    if len(signature) != size or number >= modulus:
        return False
    digest = SHA256_INFO + hashlib.sha256(message).digest()
    expected = b"\0\1" + b"\xff" * (size - len(digest) - 3) + b"\0" + digest
    return hmac.compare_digest(pow(number, exponent, modulus).to_bytes(size, "big"), expected)


def public_numbers(key: bytes) -> tuple[int, int]:
    """(modulus, exponent) of a DER SubjectPublicKeyInfo (RFC 5280, section 4.1). Raises Broken."""
    outer, rest = _der(key, 0x30)
    algorithm, bits = _der(outer, 0x30)
    wrapped, end = _der(bits, 0x03)
    if rest or end or algorithm != RSA_OID or wrapped[:1] != b"\0":
        raise Broken("the public key is no RSA key")
    pair, rest = _der(wrapped[1:], 0x30)
    modulus, after = _der(pair, 0x02)
    exponent, end = _der(after, 0x02)
    if rest or end:
        raise Broken("the public key holds more than a key")
    numbers = int.from_bytes(modulus, "big"), int.from_bytes(exponent, "big")
    if numbers[0].bit_length() < LEAST_BITS or numbers[1] < 3 or numbers[1] % 2 == 0:
        raise Broken("the public key is too weak to prove anything")
    return numbers


def _der(data: bytes, tag: int) -> tuple[bytes, bytes]:
    """The content of the first element, and what follows it."""
    if len(data) < 2 or data[0] != tag:
        raise Broken("the public key is no DER")
    length, start = data[1], 2
    if length >= 0x80:
        start += length - 0x80
        length = int.from_bytes(data[2:start], "big")
    if start + length > len(data):
        raise Broken("the public key is cut")
    return data[start : start + length], data[start + length :]


def fingerprint(key: bytes) -> str:
    """How a key is named to people: SHA-256 of its DER, hex."""
    return hashlib.sha256(key).hexdigest()


# What happened


def _lines(files: Mapping[str, bytes], name: str) -> list[Any]:
    text = files[name].decode("utf-8")
    if text and not text.endswith("\n"):
        raise Broken(f"{name} ends in the middle of a line")
    found = []
    for number, line in enumerate(text.split("\n")[:-1], 1):
        found.append(json.loads(line))
        if canonical(found[-1]) != line:
            raise Broken(f"{name}, line {number} is not in its one spelling")
    return found


def _chain(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> list[Any]:
    """Every fact carries the hash of the one before; the saves are numbered without a gap."""
    facts = _lines(files, "facts.jsonl")
    head, place = "", (0, 0)
    for one in facts:
        here = (one["version"], one["number"])
        named = f"fact {here[0]}.{here[1]}"
        if one["before"] != head or here not in {(place[0] + 1, 0), (place[0], place[1] + 1)}:
            raise Broken(f"{named} does not follow the one before it")
        body = canonical([one["before"], *here, one["at"], one["fact"]])
        if one["hash"] != hashlib.sha256(body.encode()).hexdigest()[:32]:
            raise Broken(f"{named} is not what was recorded")
        head, place = one["hash"], here
    if head != manifest["head"] or len(facts) != manifest["count"]:
        raise Broken(f"the chain ends after {len(facts)} facts; the manifest says {manifest['count']}")
    return facts


def _view(name: str, lines: list[Any], facts: list[Any], kinds: frozenset[str]) -> None:
    meant = [one for one in facts if one["fact"]["kind"] in kinds]
    if len(lines) != len(meant):
        raise Broken(f"{name} shows {len(lines)} of {len(meant)} facts")
    for line, one in zip(lines, meant):
        place = f"{one['version']}.{one['number']}"
        if (line["place"], line["at"], line["fact"]) != (place, one["at"], one["fact"]):
            raise Broken(f"{name} shows fact {place} otherwise than it was recorded")


# What was said


def _words(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> None:
    """The words hash, under the person's own key, to what the facts recorded as they were said; what is gone is admitted by name.

    Words that somebody else wrote from the same address are theirs, and in their record.
    """
    key, admitted = manifest["person_key"], "\n".join(manifest["missing"])
    for name, field, digest in (
        ("messages.jsonl", "content", sent_digest),
        ("received.jsonl", "content", received_digest),
        ("notes.jsonl", "note", note_digest),
    ):
        for line in _lines(files, name):
            said, fact = line.get("said"), line["fact"]
            attempt = fact["attempt"] if digest is sent_digest else {}
            recorded = (attempt or fact).get(field, "")
            if said is not None and digest(said, key) != recorded:
                raise Broken(f"{name}, fact {line['place']}: these are not the words that were recorded")
            names = (recorded[:12], *([f"words of attempt {attempt['id']}"] if attempt else []))
            is_due = said is None and recorded and fact.get("whose") != "another"
            if is_due and not any(one in admitted for one in names):
                raise Broken(f"{name}, fact {line['place']}: its words are not there, and it does not say so")


def sent_digest(said: Mapping[str, Any], key: str) -> str:
    """Keyed hash of a message that we sent."""
    words = [said["subject"], said["preview"], said["text"], list(said["parameters"])]
    spelt = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    return hmac.digest(bytes.fromhex(key), spelt.encode(), "sha256").hex()


def received_digest(said: Mapping[str, Any], key: str) -> str:
    """Keyed hash of a message that the person sent."""
    spelt = f"{said['channel']}\x1f{said['id']}\x1f{said['text']}"
    return hmac.digest(key.encode(), spelt.encode(), "sha256").hex()[:32]


def note_digest(said: Mapping[str, Any], key: str) -> str:
    """Keyed hash of what an agent noted."""
    return hmac.digest(bytes.fromhex(key), f"note\x1f{said['text']}".encode(), "sha256").hex()[:32]


def _kept(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> None:
    """Laws, strategies and templates stand under their own hash, and every one that is named is there or admitted missing."""
    for name, body in files.items():
        if name.startswith("rules/") and f"rules/{hashlib.sha256(body).hexdigest()}.json" != name:
            raise Broken(f"{name} is not what its name says")
    named = {line["said"]["template_hash"] for line in _lines(files, "messages.jsonl") if line["said"]}
    named |= {digest for line in _lines(files, "verdicts.jsonl") for digest in line["bound"].values()}
    admitted = " ".join(manifest["missing"])
    for line in _lines(files, "verdicts.jsonl"):
        _bound_as_claimed(line, admitted)
    for digest in sorted(named):
        if f"rules/{digest}.json" not in files and digest[:12] not in admitted:
            raise Broken(f"the rules {digest[:12]}, on which a decision rested, are not there")


def _bound_as_claimed(line: Mapping[str, Any], admitted: str) -> None:
    """The strategy and the law that a verdict shows are those that its contact's own fact names."""
    attempt, bound = line["fact"]["attempt"], line["bound"]
    if not bound and f"the rules of attempt {attempt['id']}" in admitted:
        return
    for kind in ("strategy", "law"):
        claimed = attempt.get(kind, "")
        shown = [digest for name, digest in bound.items() if name.partition(".")[0] == kind]
        if claimed and not any(digest.startswith(claimed) for digest in shown):
            raise Broken(
                f"the {kind} shown with fact {line['place']} is not the one that it was decided with"
            )


def main(
    argv: list[str] | None = None, tell: Callable[[str], Any] = lambda line: sys.stdout.write(f"{line}\n")
) -> int:
    """Verify the archive that the command line names. Nothing in it can move the cursor or begin a line of its own."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("archive", type=Path)
    parser.add_argument(
        "--fingerprint", default="", help="of the key that must have signed it (SHA-256, hex)"
    )
    arguments = parser.parse_args(argv)

    def say(line: str) -> None:
        tell("".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in line))

    try:
        archive = arguments.archive.read_bytes()
        manifest = verify(archive)
    except (OSError, Broken) as error:
        say(f"IT DOES NOT HOLD: {error}")
        return 1
    say(
        f"{manifest['count']} facts of {manifest['person']}, head {manifest['head']}, written {manifest['written_at']}."
    )
    say(
        "The chain holds, every file is the one that the manifest names, all words are the ones that were recorded."
    )
    say(
        f"No hash of a fact covers {' and '.join(ACCOUNT)}: they are what whoever signed it makes of the facts."
    )
    for one in manifest["missing"]:
        say(f"No longer kept, and the archive says so: {one}")
    if not manifest["signed"]:
        if arguments.fingerprint:
            say("IT DOES NOT HOLD: it must be signed by the key that you name, and nobody signed it.")
            return 1
        say("NOBODY SIGNED IT: it agrees with itself, and nothing says who wrote it or whether it was cut.")
        return 2
    found = fingerprint(unpacked(archive)[KEY])
    if arguments.fingerprint and arguments.fingerprint.lower().replace(":", "") != found:
        say(f"IT DOES NOT HOLD: another key signed it: {found}")
        return 1
    say(f"Signed by the key {found}.")
    if not arguments.fingerprint:
        say("Ask the agency for its key's fingerprint, not by this archive, and give it with --fingerprint.")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
