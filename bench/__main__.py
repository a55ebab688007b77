"""Measures, and writes RESULTS.md; with words on the command line measures those parts and prints them.

``--write part…`` measures some parts and puts each into RESULTS.md where it was, with its day and commit.
"""

from __future__ import annotations

import os
import platform
import re
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
    "formulas", "decomposition", "assessment", "forecast", "readings", "gateway", "duty", "checks", "returns_burst",
)  # fmt: skip


def section(part: str, when: str = "") -> Iterator[str]:
    """The lines of one part; ``when`` says when it was measured where that was not with all the others."""
    module = import_module(f"bench.{part}")
    yield from ("", f"## {module.TITLE}", "", f"`python -m bench {part}`. {module.NOTE}".rstrip(), "")
    yield from (when, "") if when else ()
    yield from ("| what | result | asked |", "|---|---|---|")
    try:
        for row in module.rows():
            print(f"{row.what}: {row.result}", file=sys.stderr, flush=True)
            yield f"| {row.what} | {row.result} | {row.bound} |"
    except NotMeasured as lack:
        yield f"| not measured | {' '.join(str(lack).split())} | |"


def spliced(page: str, part: str, lines: list[str]) -> str:
    """The page with a part put in the place of what it was; a new one stands at the end."""
    head, *sections = re.split(r"\n(?=## )", page.rstrip("\n"))
    named = {_name(text): text.rstrip("\n") for text in sections}
    named[part] = "\n".join(lines).strip("\n")
    return "\n\n".join([head.rstrip("\n"), *named.values()]) + "\n"


def _name(section: str) -> str:
    """The part that measures a section; by its title where none does."""
    return section.partition("`python -m bench ")[2].partition("`")[0] or section.partition("\n")[0]


def write(parts: list[str]) -> None:
    """Measures parts and puts each into the page."""
    page = ROOT / "bench" / "RESULTS.md"
    for part in parts:
        when = f"Measured by itself on {datetime.now(UTC):%Y-%m-%d}, at commit {_commit()}."
        lines = list(section(part, when))
        page.write_text(spliced(page.read_text(encoding="utf-8"), part, lines), encoding="utf-8")


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


def main(words: list[str]) -> int:
    is_written, parts = words[:1] == ["--write"], words[words[:1] == ["--write"] :]
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        print(f"{', '.join(unknown)}: expected some of {', '.join(PARTS)}", file=sys.stderr)
        return 2
    if is_written:
        write(parts or list(PARTS))
        return 0
    if parts:
        print("\n".join(line for part in parts for line in section(part)))
        return 0
    page = ROOT / "bench" / "RESULTS.md"
    lines = [*heading(), *(line for part in PARTS for line in section(part)), *_by_hand(page)]
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


def _by_hand(page: Path) -> Iterator[str]:
    """Sections that no part of this measures, such as long trials: they stay at the end as they are."""
    for text in re.split(r"\n(?=## )", page.read_text(encoding="utf-8").rstrip("\n"))[1:]:
        if "`python -m bench " not in text:
            yield from ("", text.strip("\n"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
