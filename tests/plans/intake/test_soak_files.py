"""Long trials of the doors (`make soak`): damaged files are opened or refused, and nothing else."""

from __future__ import annotations

import random

import pytest
from made_files import PLAN, At, docx, p, pdf

from shuangkong.plans.document import DocumentRefused
from shuangkong.plans.intake import open_document

TRIALS = 2_000
WHOLE = {
    "docx": docx("".join(p(text) for text in PLAN)),
    "pdf": pdf([[At(80, 700 - 30 * at, text) for at, text in enumerate(PLAN)]]),
}

pytestmark = pytest.mark.soak


@pytest.mark.parametrize("form", WHOLE)
def test_a_damaged_file_is_opened_or_refused(form: str) -> None:
    chance, whole = random.Random(form), WHOLE[form]
    for _ in range(TRIALS):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 30)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            open_document(f"plan.{form}", bytes(data))
        except DocumentRefused:
            continue
