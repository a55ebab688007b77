"""Console examples of the README and the analyst's guide, run as they stand: what they print is what is printed."""

from __future__ import annotations

import csv
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import prepared
from shuangkong.cli.administrator import ADMINISTRATOR

ROOT = Path(__file__).parents[2]
PAGES = (*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs" / "analyst").glob("*.md")))
COMMAND = ".venv/bin/shuangkong"
#: A file that an example speaks of: one good row, an empty cell, an indicator that nobody knows.
FIGURES = """指标,对象,时期,数值,单位,口径,状态
energy_intensity,澄湖县,2020,-2.10,%,比上年变化,初步
energy_intensity,澄湖县,2024,,%,比上年变化,初步
城市绿色电力比重,澄湖县,2025,30,%,,初步
"""

#: What goes to the two outputs comes in the order in which it is said, as in a terminal.
IN_ORDER = {"PYTHONUNBUFFERED": "1"}


@dataclass(frozen=True)
class Example:
    page: str
    command: str
    printed: str

    @property
    def pattern(self) -> str:
        """``…`` alone on a line stands for any lines, within a line for any words; lines of policy files may move."""
        lines = ["(?:.*\n)*?" if line == "…" else _line(line) for line in self.printed.splitlines()]
        return "".join(lines)


def _line(line: str) -> str:
    words = ".*".join(map(re.escape, line.split("…")))
    return re.sub(r"(\.yaml):\d+", r"\1:[0-9]+", words) + "\n"


def examples() -> Iterator[Example]:
    for path in PAGES:
        for block in re.findall(r"^```console\n(.*?)^```", path.read_text(encoding="utf-8"), re.M | re.S):
            for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
                command, _, printed = part.partition("\n")
                yield Example(str(path.relative_to(ROOT)), command, printed.rstrip() + "\n")


EXAMPLES = tuple(examples())


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the guide supposes it: the demo is loaded, and a file of figures lies there."""
    folder = prepared.demo(tmp_path_factory.mktemp("office"))
    (folder / "demo").symlink_to(ROOT / "demo")
    shutil.copytree(ROOT / "policy", folder / "policy")
    (folder / "实际值.csv").write_text(FIGURES, encoding="utf-8")
    return folder


def _run(folder: Path, words: list[str]) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHUANGKONG_")}
    told = subprocess.run(
        [str(Path(sys.executable).with_name("shuangkong")), *words[1:]],
        cwd=folder,
        env=kept | {"SHUANGKONG_VAR": str(folder), "SHUANGKONG_POLICY": str(folder / "policy")} | IN_ORDER,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    return told.stdout


def test_there_are_examples() -> None:
    assert {example.page for example in EXAMPLES} >= {"README.md", "README.zh-CN.md", "docs/analyst/policy.md"}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each.page}: {each.command}")
def test_an_example_prints_what_it_says(example: Example, office: Path) -> None:
    words = shlex.split(example.command)
    assert words[0] == COMMAND, "as typed in the project's folder"
    key = office / "policy" / "national" / "indicators" / "coal_share.yaml"
    sound = key.read_text(encoding="utf-8")
    if "directoin" in example.printed:
        key.write_text(sound.replace("direction:", "directoin:"), encoding="utf-8")
    try:
        printed = _run(office, words)
    finally:
        key.write_text(sound, encoding="utf-8")
    assert re.fullmatch(example.pattern, printed.rstrip() + "\n"), printed


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_readme_says_for_whom_each_person_of_the_demo_is(page: str) -> None:
    people = csv.DictReader((ROOT / "demo" / "fictional" / "people.csv").read_text(encoding="utf-8").splitlines())
    names = {ADMINISTRATOR, *(each["username"] for each in people)}
    assert set(re.findall(r"^\| `(\w+)` \|", (ROOT / page).read_text(encoding="utf-8"), re.M)) == names
