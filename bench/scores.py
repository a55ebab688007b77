"""How right the readings are: given plans by the published measure, the corpus by the tests' copy of it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.ground import CORPUS, SHARED, Row

TITLE = "Scores of readings"
NOTE = "A line is an F1 or a share that is right, OVERALL the plain mean of the lines. The corpus is invented."


def rows() -> Iterator[Row]:
    from scoring import score
    from test_corpus import simplified

    for path in sorted(SHARED.glob("plans/*.txt")):
        yield _published(path)
    for path in sorted(CORPUS.glob("*.txt")):
        gold = json.loads(path.with_suffix(".gold.json").read_text("utf-8"))
        # As in the tests: which of the two scripts a reading is given in is not judged.
        found = score(simplified(path.read_text("utf-8")), simplified(gold), simplified(_reading(path)))
        yield Row(f"corpus: {path.stem}", _told(found.overall, found.lines), "≥ 0.93")


def _published(path: Path) -> Row:
    """By score.py as it lies beside the plan; the reading as ``shuangkong plan read --json`` prints it."""
    measure = SHARED / "plans" / "score.py"
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(_reading(path), file, ensure_ascii=False)
        file.flush()
        command = [sys.executable, str(measure), str(path), str(path.parent / "gold" / f"{path.stem}.json"), file.name]
        told = subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL).stdout
    *measures, overall = [line for line in told.splitlines() if line.strip()]
    lines = {line[:12].strip(): float(line.split()[-1]) for line in measures}
    return Row(f"given plan: {path.stem}", _told(float(overall.split()[-1]), lines), "≥ 0.97, every line ≥ 0.93")


def _reading(path: Path) -> dict[str, object]:
    from shuangkong.plans.intake import open_document
    from shuangkong.plans.reader import read_plan
    from shuangkong.plans.reading_json import to_json
    from shuangkong.rulebook import open_rulebook

    document = open_document(path.name, path.read_bytes())
    return to_json(read_plan(document, open_rulebook().lexicon()), document.text)


def _told(overall: float, lines: dict[str, float]) -> str:
    lowest = min(lines, key=lambda name: lines[name])
    return f"OVERALL {overall:.3f}; lowest line {lowest} {lines[lowest]:.3f}"
