"""How long a reading and an audit take, and what memory a fresh process needs for them."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import median

from bench.ground import CORPUS, SHARED, Row, fresh, milliseconds, peak_megabytes

TITLE = "Reading and auditing a text, after import, each in a fresh process"
NOTE = "Opening the file is part of reading it; median of 9 runs in each of 3 processes."
LENGTH = 17_000
PROCESSES = 3


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        joined = Path(folder) / "joined.txt"
        joined.write_text("\n".join(path.read_text("utf-8") for path in sorted(CORPUS.glob("*.txt")))[:LENGTH], "utf-8")
        for path in (joined, *sorted(SHARED.glob("plans/*.txt"))):
            told = [fresh("reader", str(path)) for _ in range(PROCESSES)]
            name = "invented plans of the corpus, joined" if path == joined else path.stem
            size = f"{name}, {told[0]['characters']:,} characters"
            is_full = told[0]["characters"] >= LENGTH
            yield Row(f"read {size}", f"{_median(told, 'read_ms'):.0f} ms", "< 100 ms" if is_full else "")
            yield Row(f"peak memory of that process: {name}", f"{_median(told, 'read_mb'):.0f} MB", "< 200 MB")
            yield Row(f"audit the reading: {name}", f"{_median(told, 'audit_ms'):.0f} ms")


def _median(told: list[dict[str, float]], key: str) -> float:
    return median(one[key] for one in told)


def _measure(path: Path) -> dict[str, float]:
    from shuangkong.plans.audit import Catalogue, audit
    from shuangkong.plans.intake import open_document
    from shuangkong.plans.reader import read_plan
    from shuangkong.rulebook import open_rulebook

    rules = open_rulebook()
    lexicon, data = rules.lexicon(), path.read_bytes()
    document = open_document(path.name, data)
    read_ms = milliseconds(lambda: read_plan(open_document(path.name, data), lexicon))
    read_mb = peak_megabytes()
    reading = read_plan(document, lexicon)
    catalogue = Catalogue.of(rules.checks("plans"), lexicon, date(2026, 1, 1))
    audit_ms = milliseconds(lambda: audit(reading, document, catalogue))
    return {"characters": len(document.text), "read_ms": read_ms, "read_mb": read_mb, "audit_ms": audit_ms}


if __name__ == "__main__":
    print(json.dumps(_measure(Path(sys.argv[1]))))
