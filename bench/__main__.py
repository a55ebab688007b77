"""Measures, and writes RESULTS.md; with words on the command line measures those parts and prints them."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from bench.ground import ROOT, SHARED, NotMeasured

#: Modules with TITLE, NOTE and rows(), in the order of the page.
PARTS = (
    "reader", "scores", "audit", "hostile", "doors", "tasks", "imports", "facts", "explain", "nation", "demo",
    "formulas", "decomposition", "assessment", "forecast", "checks", "returns_burst",
)  # fmt: skip


def section(part: str) -> Iterator[str]:
    module = import_module(f"bench.{part}")
    yield from ("", f"## {module.TITLE}", "", f"`python -m bench {part}`. {module.NOTE}".rstrip(), "")
    yield from ("| what | result | asked |", "|---|---|---|")
    try:
        for row in module.rows():
            print(f"{row.what}: {row.result}", file=sys.stderr, flush=True)
            yield f"| {row.what} | {row.result} | {row.bound} |"
    except NotMeasured as lack:
        yield f"| not measured | {' '.join(str(lack).split())} | |"


def heading() -> Iterator[str]:
    yield "# Results"
    yield ""
    yield f"Written by `make bench` (`python -m bench`) on {datetime.now(UTC):%Y-%m-%d}, at commit {_commit()}."
    yield f"Machine: {_processor()}, {os.cpu_count()} cores, {_memory()}, {platform.system()} {platform.release()},"
    yield f"Python {platform.python_version()}. Times are medians of several runs unless a line says otherwise; treat"
    yield "differences below 20 % as noise. No test asserts a time."
    if not SHARED.is_dir():
        yield ""
        yield "The given plans are not on this machine: lines that need them are left out."


def _commit() -> str:
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    return told.stdout.strip()


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _memory() -> str:
    total = Path("/proc/meminfo").read_text("ascii").split("MemTotal:")[1].split()[0]
    return f"{int(total) / 1024**2:.0f} GiB"


def main(parts: list[str]) -> int:
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        print(f"{', '.join(unknown)}: expected some of {', '.join(PARTS)}", file=sys.stderr)
        return 2
    if parts:
        print("\n".join(line for part in parts for line in section(part)))
        return 0
    lines = [*heading(), *(line for part in PARTS for line in section(part))]
    (ROOT / "bench" / "RESULTS.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
