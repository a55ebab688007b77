"""The fence: whatever the file does, the caller gets a document or a refusal, and the child stays within its limits."""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hostile_files import HOSTILE, many_tags

from shuangkong.core.finding import Severity
from shuangkong.papers import fence_wire
from shuangkong.papers.fence import LIMITS, fenced, fenced_file
from shuangkong.papers.fence_wire import Result
from shuangkong.plans.document import Document, DocumentRefused

PLAN = "一、目标\n到2025年，全县单位地区生产总值能耗比2020年下降14.5%。\n".encode()


def refusal_of(name: str, data: bytes, function: str = "", **limits: int) -> DocumentRefused:
    with pytest.raises(DocumentRefused) as refusal:
        fenced(name, data, function, limits=replace(LIMITS, **limits))
    return refusal.value


def test_a_plan_comes_back_with_what_the_step_made_of_it() -> None:
    plain = fenced("plan.txt", PLAN)
    assert plain.document.text.encode() == PLAN
    assert plain.result is None
    assert fenced("plan.txt", PLAN, "builtins:isinstance", Document).result is True


def test_a_refusal_comes_back_as_itself() -> None:
    refusal = refusal_of("方案.doc", b"\xd0\xcf\x11\xe0" + bytes(600))
    assert refusal.code == "PLN-905"
    assert "方案.doc" in refusal.zh
    assert str(refusal) == f"PLN-905 {refusal.zh}"


def test_what_takes_too_long_is_stopped_by_the_clock() -> None:
    assert refusal_of("plan.txt", PLAN, wall_seconds=0).code == "PLN-912"


def test_what_computes_too_long_or_grows_too_large_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "tags.html"
    many_tags(path)
    assert refusal_of("tags.html", path.read_bytes(), cpu_seconds=1).code == "PLN-912"
    assert refusal_of("tags.html", path.read_bytes(), memory_bytes=128 * 1024**2).code == "PLN-913"


def test_a_fault_in_a_step_and_an_answer_too_long_are_refusals_with_last_words() -> None:
    refusal = refusal_of("plan.txt", PLAN, "builtins:len")
    assert refusal.code == "PLN-914"
    assert "TypeError" in refusal.zh
    assert refusal_of("plan.txt", PLAN * 10_000, output_bytes=1000).code == "PLN-914"


def test_an_answer_of_foreign_make_is_refused() -> None:
    assert refusal_of("plan.txt", PLAN, "builtins:slice").code == "PLN-914"


class _Acts:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(Path(os.environ["SHUANGKONG_FENCE_TRACE"])),)


def test_an_answer_cannot_act_in_the_parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = tmp_path / "acted"
    monkeypatch.setenv("SHUANGKONG_FENCE_TRACE", str(trace))
    told = fence_wire.read_answer(io.BytesIO(pickle.dumps(_Acts())))
    assert isinstance(told, pickle.UnpicklingError)
    assert not trace.exists()
    pickle.loads(pickle.dumps(_Acts()))
    assert trace.exists()


@pytest.mark.parametrize("answer", [b"", b"junk", pickle.dumps(("a", {1}))[:-4], pickle.dumps(sys.exit)])
def test_a_broken_answer_is_an_error_that_is_told(answer: bytes) -> None:
    assert isinstance(fence_wire.read_answer(io.BytesIO(answer)), Exception)


def test_values_of_readings_pass() -> None:
    value = (date(2025, 12, 31), Decimal("14.5"), Severity.MUST_FIX, frozenset({1}), {"a": [None, 1.5]})
    stream = io.BytesIO()
    fence_wire.write_answer(stream, Result(None, value))
    stream.seek(0)
    assert fence_wire.read_answer(stream) == Result(None, value)


MEASURE = """
import resource, sys
from pathlib import Path
from shuangkong.papers.fence import fenced_file
from shuangkong.plans.document import DocumentRefused
try:
    outcome = f"{len(fenced_file(Path(sys.argv[1])).document.text)}-characters"
except DocumentRefused as refusal:
    outcome = refusal.code
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
own = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
print(outcome, own * 1024, child * 1024)
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_within_memory(name: str, tmp_path: Path) -> None:
    make, codes = HOSTILE[name]
    make(tmp_path / name)
    command = [sys.executable, "-c", MEASURE, str(tmp_path / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    outcome, own, child = done.stdout.split()
    assert outcome in codes
    assert int(child) <= LIMITS.memory_bytes
    assert int(own) <= 300 * 1024**2


def test_a_missing_file_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        fenced_file(tmp_path / "none.docx")
