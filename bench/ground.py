"""What every measurement stands on: where things lie, a row of results, medians, and runs in a fresh process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
#: The plans, gold readings and their measure, which stay outside the repository; without them their rows are left out.
SHARED = Path(os.environ.get("SHUANGKONG_SHARED", "/work/shared"))
CORPUS = ROOT / "tests" / "plans" / "corpus"

#: Test modules that make files and score readings serve here too.
sys.path[:0] = [str(ROOT / "tests" / part) for part in ("plans", "papers", "plans/intake")]


@dataclass(frozen=True, slots=True)
class Row:
    """One result; ``bound`` is what was asked for, empty where nothing was."""

    what: str
    result: str
    bound: str = ""


class NotMeasured(Exception):
    """This machine cannot show it; says what it lacks."""


def milliseconds(act: Callable[[], object], runs: int = 9) -> float:
    """Median wall time of several runs, after one that is not counted."""
    act()
    times = []
    for _ in range(runs):
        start = perf_counter()
        act()
        times.append(perf_counter() - start)
    return 1000 * median(times)


def peak_megabytes() -> float:
    """Highest resident memory of this process since it began (not of the one that started it)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def fresh(module: str, *words: str) -> Any:
    """What ``python -m bench.<module> words…`` prints as JSON, in a process of its own."""
    command = [sys.executable, "-m", f"bench.{module}", *words]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    return json.loads(told.stdout)
