"""What it costs to know what a reply means: one message, the first one after a cold start, the longest that is read, a letter."""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from infra.packing.own import compile_words
from recobro.understanding.excerpt import LONGEST
from recobro.understanding.lexicon import WORDS
from tests.understanding.measure import REPLIES, UNDATED, Line, heard, read

RUNS = 5
HARD = ("no puedo pagar todo el viernes, la mitad el 15 ", "a ", "a", "a.", "1 ", "no me ", "<", " ", "ó")
"""What strangers may send again and again."""
MOST_SENT = 20_000
"""Times: far beyond what is read of an e-mail."""
LETTER = 2_000
"""Characters of ten long SMS, or of an e-mail."""
FRESH = """
import sys, time
from datetime import date
from pathlib import Path
import recobro.usecases.send
began = time.process_time()
from recobro.understanding import lexicon, understand
imported = time.process_time()
lexicon.WORDS = Path(sys.argv[1])
understand("no me escriban mas", language="es", country="MX", channel="sms", now_local=date(2026, 11, 25))
print(imported - began, time.process_time() - imported)
"""


def run() -> dict[str, float]:
    """Milliseconds of processor time: of the labelled replies, of importing it beside a channel's function, of the first message."""
    lines = read(REPLIES)
    for line in lines:
        heard(line)
    took = [min(_spent(line) for _ in range(3)) for line in lines]
    median = statistics.median(took)
    replies = " ".join(line.text for line in lines if line.language == "es")
    real = min(_spent(_spanish(replies[:LONGEST])) for _ in range(RUNS))
    letter = min(_spent(_spanish(replies[:LETTER])) for _ in range(RUNS))
    hard = [min(_spent(_spanish(piece * MOST_SENT)) for _ in range(RUNS)) for piece in HARD]
    imported, first = _fresh()
    return {
        "median_ms": round(median, 2),
        "p99_ms": round(statistics.quantiles(took, n=100)[98], 2),
        "slowest_ms": round(max(took), 2),
        f"of_{LONGEST}_characters_ms": round(real, 2),
        f"of_{LONGEST}_characters_medians": round(real / median, 1),
        f"of_{LETTER}_characters_ms": round(letter, 2),
        "worst_text_ms": round(max(hard), 2),
        "worst_text_medians": round(max(hard) / median, 1),
        "import_ms": round(imported, 1),
        "first_message_ms": round(first, 1),
    }


def _spanish(text: str) -> Line:
    return Line("MX", "es", text, "other", UNDATED)


def _spent(line: Line) -> float:
    began = time.process_time()
    heard(line)
    return (time.process_time() - began) * 1_000


def _fresh() -> tuple[float, float]:
    """Medians of fresh processes that read the lists as they are shipped."""
    with tempfile.TemporaryDirectory() as folder:
        for path in WORDS.iterdir():
            (Path(folder) / path.name).write_bytes(path.read_bytes())
        compile_words(Path(folder))
        command = [sys.executable, "-c", FRESH, folder]
        runs = [subprocess.run(command, capture_output=True, check=True) for _ in range(RUNS)]  # noqa: S603 - our own
        outputs = [one.stdout.split() for one in runs]
    imported, first = (statistics.median(float(one[at]) for one in outputs) for at in (0, 1))
    return imported * 1_000, first * 1_000
