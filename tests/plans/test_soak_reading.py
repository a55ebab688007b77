"""Long trials of the reader (`make soak`); in small the same is asked in reader/test_structure.py."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan
from shuangkong.rulebook import open_rulebook

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.txt"))
TRIALS = 2_000
PIECES = ("", "（", "）", "\n", "%", "、", "一、", "9", "\t", "“")

pytestmark = pytest.mark.soak


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_damaged_plan_is_read_and_every_span_lies_in_it(path: Path) -> None:
    chance, lexicon = random.Random(path.stem), open_rulebook().lexicon()
    text = path.read_text(encoding="utf-8")
    for _ in range(TRIALS):
        damaged = list(text)
        for _ in range(chance.randint(1, 40)):
            at = chance.randrange(len(damaged))
            damaged[at : at + chance.randint(0, 12)] = chance.choice(PIECES)
        whole = "".join(damaged)
        found = read_plan(Document(path.name, Medium.TXT, whole), lexicon)
        spans = [t.span for t in (*found.targets, *found.duties)] + [item.span for item in found.items]
        assert all(0 <= span.start <= span.end <= len(whole) for span in spans)
