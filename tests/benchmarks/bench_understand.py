"""What it costs to know what a reply means: one message, the first one after a cold start, and the longest that is read."""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from infra.packing.own import compile_words
from recobro.understanding.folding import LONGEST
from recobro.understanding.lexicon import WORDS
from tests.understanding.measure import REPLIES, UNDATED, Line, heard, read

RUNS = 5
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
    longest = Line(
        "MX", "es", ("no puedo pagar todo el viernes, la mitad el 15 " * 50)[:LONGEST], "other", UNDATED
    )
    imported, first = _fresh()
    return {
        "median_ms": round(statistics.median(took), 2),
        "p99_ms": round(statistics.quantiles(took, n=100)[98], 2),
        "slowest_ms": round(max(took), 2),
        f"of_{LONGEST}_characters_ms": round(min(_spent(longest) for _ in range(3)), 2),
        "import_ms": round(imported, 1),
        "first_message_ms": round(first, 1),
    }


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
