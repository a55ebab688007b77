"""The rules of the house: floors, sizes, where things go, what no code may say, what no file may hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import pytest

import house
from house import ROOT, SOURCE, Word, text_of
from shuangkong.cli import main
from shuangkong.policyfile.glossary import read_glossary
from shuangkong.rulebook import open_rulebook

MODULE_LINES = 320
FUNCTION_LINES = 60

#: Modules that may be longer, each with its reason.
LONG_MODULES: dict[str, str] = {}
#: Functions that may be longer, each with its reason.
LONG_FUNCTIONS: dict[str, str] = {}

#: Place names that are also ordinary words; they count in full (和平区) only; 新密 stands in 新密码, 达日 in 下达日期.
ORDINARY_WORDS = frozenset({"新建", "共和", "全州", "新密", "达日", "湖滨"})
#: Latin spellings that no identifier may bear: the provinces, and the places of plans at hand.
LATIN_PLACES = re.compile(
    r"beijing|tianjin|hebei|shanxi|neimenggu|liaoning|jilin|heilongjiang|shanghai|jiangsu|zhejiang|anhui|fujian|jiangxi"
    r"|shandong|henan|hubei|hunan|guangdong|guangxi|hainan|chongqing|sichuan|guizhou|yunnan|xizang|shaanxi|gansu"
    r"|qinghai|ningxia|xinjiang|taiwan|shenyang|dalian|ziyang|yongchuan|zhoucun|yongxing"
)
YEAR = re.compile(r"(?<![0-9A-Za-z#.])(?:19|20)\d\d(?![0-9])")
#: What only looks like a year: names of XML vocabularies. An amount of two thousand is written 2_000.
NO_YEAR = re.compile(r"https?://[^\s\"'}]+")
#: A Chinese character set also bears the number of a standard.
DOCUMENT_NUMBER = re.compile(
    r"〔\s*\d{4}\s*〕|\[\d{4}\]\s*\d+\s*号|第\s*\d+\s*号令|\b(?:GB|HJ|DB\d*)\s*/?\s*T?\s*(?!18030)\d{2,5}\b"
)

#: Parts of a room that are not rooms themselves.
PARTS = {"migrations", "views", "templatetags"}


def shown(faults: Iterable[object]) -> str:
    return "\n".join(map(str, faults))


def test_no_two_files_of_tests_share_a_name() -> None:
    """One run would import the first of them twice and the other never."""
    names = Counter(path.name for path in house.project_files() if path.match("tests/**/test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []


def test_imports_go_down_or_not_at_all() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_module_is_one_notion() -> None:
    too_long = {}
    for path in house.modules():
        name, count = str(path.relative_to(SOURCE)), len(text_of(path).splitlines())
        if count > MODULE_LINES:
            too_long[name] = count
    assert {name: count for name, count in too_long.items() if name not in LONG_MODULES} == {}
    assert set(LONG_MODULES) <= set(too_long), "an exception that is no longer needed"


def test_function_fits_a_screen() -> None:
    found = [word for path in house.modules() for word in house.long_functions(path, FUNCTION_LINES)]
    assert not [word for word in found if word.text not in LONG_FUNCTIONS], shown(found)
    assert set(LONG_FUNCTIONS) <= {word.text for word in found}, "an exception that is no longer needed"


def test_room_says_its_chinese_name_first() -> None:
    mute = []
    for init in sorted([*SOURCE.glob("*/__init__.py"), *SOURCE.glob("*/*/__init__.py")]):
        if init.parent.name not in PARTS:
            first = (ast.get_docstring(house.tree_of(init)) or "").split("\n")[0]
            if not re.search(r"[一-鿿]{2}", first):
                mute.append(f"{init.relative_to(ROOT)}: {first}")
    assert not mute, shown(mute)


def table_paths() -> list[str]:
    """Paths of the table "Where does X go?"; <…> stands for any name."""
    section = text_of(ROOT / "ARCHITECTURE.md").split("## Where does X go?")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [path for row in rows for path in re.findall(r"`([^`\s]+)`", row.split("|")[2])]


def test_where_things_go_is_where_they_are() -> None:
    paths = table_paths()
    assert len(paths) >= 15
    missing = [path for path in paths if not any(ROOT.glob(re.sub(r"<[^>]+>", "*", path)))]
    assert not missing, shown(missing)


def test_code_names_no_place() -> None:
    places = house.PlaceFinder(house.place_names() - ORDINARY_WORDS)
    said = chain(chain.from_iterable(map(house.literals, house.modules())), house.page_words())
    faults = [f"{word}  ({found})" for word in said if (found := places.found_in(word.text))]
    for word in chain.from_iterable(map(house.names, house.modules())):
        if LATIN_PLACES.search(word.text.lower()):
            faults.append(str(word))
    assert not faults, shown(faults)


def test_code_names_no_year() -> None:
    said = chain.from_iterable((*house.literals(path), *house.names(path)) for path in house.modules())
    faults = [
        word for word in chain(said, house.page_words()) if YEAR.search(NO_YEAR.sub("", word.text.replace("_", " ")))
    ]
    assert not faults, shown(faults)


def test_code_names_no_document() -> None:
    said = chain.from_iterable((*house.literals(path), *house.names(path)) for path in house.modules())
    faults = [word for word in chain(said, house.page_words()) if DOCUMENT_NUMBER.search(word.text)]
    assert not faults, shown(faults)


def test_folders_and_models_are_glossary_words() -> None:
    glossary = read_glossary(open_rulebook().folder)
    folders = {init.parent for init in SOURCE.rglob("__init__.py")} - {SOURCE}
    named = [Word(path, 1, path.name) for path in sorted(folders) if path.name not in PARTS] + [*house.django_models()]
    faults = {word.text: glossary.unknown_in(word.text) for word in named if glossary.unknown_in(word.text)}
    assert faults == {}


def test_generated_pages_are_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs", "--check"]) == 0, capsys.readouterr().out


#: Hosts of package indexes and their mirrors; as patterns, so that this file names none.
INDEX_HOSTS = (
    r"pypi\.(?:org|tuna)|pythonhosted\.|npmjs\.|npmmirror\.|yarnpkg\.com|crates\.io|proxy\.golang|mirrors\.aliyun"
    r"|tuna\.tsinghua|anaconda\.org"
)


def test_no_file_names_a_package_index() -> None:
    pattern = re.compile(INDEX_HOSTS)
    faults = [path.relative_to(ROOT) for path in house.project_files() if pattern.search(text_of(path))]
    assert not faults, shown(faults)


def test_every_test_file_has_a_name_of_its_own() -> None:
    """The folders of tests are no packages: of two files of one name, the second cannot be imported."""
    counts = Counter(path.name for path in (ROOT / "tests").rglob("*.py") if path.name != "conftest.py")
    assert not {name for name, count in counts.items() if count > 1}


def test_settings_are_set_through_their_fixture() -> None:
    """What monkeypatch sets on the settings it takes back by deleting: every later test of the process lacks it."""
    said = re.compile(r"monkeypatch\.(?:setattr|delattr)\(\s*settings\b")
    faults = [path.relative_to(ROOT) for path in (ROOT / "tests").rglob("*.py") if said.search(text_of(path))]
    assert not faults, shown(faults)


PLANS = Path("/work/shared/plans")
#: Official names of indicators and headings run to two dozen characters. What the demo's facts may hold is held to half
#: of that, names apart, in tests/demo/test_wordless.py.
RUN = 25


def ideographs(text: str) -> Iterable[str]:
    """Runs of Chinese, punctuation and blanks passed over; figures, 、 (lists hold names) and the rest end a run."""
    for run in re.split(r"[^一-鿿，。；：！？“”‘’（）《》〈〉〔〕【】—…\s]+", text):
        yield re.sub(r"[^一-鿿]+", "", run)


def shingles(text: str) -> set[str]:
    return {run[at : at + RUN] for run in ideographs(text) for at in range(len(run) - RUN + 1)}


def sentences(plan: str) -> Iterable[str]:
    """Lines that are sentences, without titles of documents and lists of bodies: those are facts."""
    for line in plan.splitlines():
        if "。" in line and "\t" not in line:
            yield re.sub(r"《[^》]*》|（[^）]*(?:负责|配合|参加|落实)[^）]*）", "。|", line)


@pytest.mark.skipif(not PLANS.is_dir(), reason="the plans whose text stays outside are not on this machine")
def test_no_text_of_a_plan_is_kept() -> None:
    plans: set[str] = set()
    for path in sorted(PLANS.glob("*.txt")):
        plans |= set().union(*map(shingles, sentences(text_of(path))))
    assert len(plans) > 10_000
    faults = []
    for path in house.project_files():
        if shared := plans & shingles(text_of(path)):
            faults.append(f"{path.relative_to(ROOT)}: {len(shared)} runs, such as {min(shared)}")
    assert not faults, shown(faults)
