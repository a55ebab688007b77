"""The house as its tests see it: files of the project, modules, the literals and names in them."""

from __future__ import annotations

import ast
import csv
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "shuangkong"
#: Folders that are made, not kept: skipped where the project came without its history.
_MADE = {".git", ".venv", ".tools", "node_modules", "var", "build", "dist", ".hypothesis", "__pycache__"}
_MADE_PATTERN = re.compile(r"\.\w+_cache$|\.egg-info$")


@cache
def project_files() -> tuple[Path, ...]:
    """Files that git keeps or would keep; without git, all but what is made."""
    listing = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if (ROOT / ".git").exists() and shutil.which("git"):
        told = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True, text=True, stdin=subprocess.DEVNULL)
        found = [ROOT / name for name in told.stdout.split("\0") if name]
    else:
        found = [path for path in ROOT.rglob("*") if not any(map(_is_made, path.relative_to(ROOT).parts))]
    return tuple(sorted(path for path in set(found) if path.is_file()))


def _is_made(part: str) -> bool:
    return part in _MADE or bool(_MADE_PATTERN.search(part))


@cache
def text_of(path: Path) -> str:
    """The text of a file; empty where it is no UTF-8 text."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def tree_of(path: Path) -> ast.Module:
    """A module, parsed once for all that look into it."""
    return ast.parse(text_of(path))


@cache
def modules(folder: Path = SOURCE) -> tuple[Path, ...]:
    """Modules of the package; migrations are records of the past and left out."""
    return tuple(path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts)


@dataclass(frozen=True, slots=True)
class Word:
    """A literal or a name in a module."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.text[:80]}"


@cache
def literals(path: Path) -> tuple[Word, ...]:
    """Strings, and whole numbers as written, of a module; docstrings (also those of attributes) are left out."""
    lines = [line.encode() for line in text_of(path).split("\n")]
    nodes = tuple(ast.walk(tree_of(path)))
    docs = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    found = []
    for node in nodes:
        if isinstance(node, ast.Constant) and id(node) not in docs and isinstance(node.value, str | int):
            text = str(node.value)
            if isinstance(node.value, int) and not isinstance(node.value, bool):
                # A number stands on one line, and its columns are counted in bytes.
                text = lines[node.lineno - 1][node.col_offset : node.end_col_offset].decode()
            found.append(Word(path, node.lineno, text))
    return tuple(found)


@cache
def names(path: Path) -> tuple[Word, ...]:
    """The module's own name and every identifier that it makes or uses."""
    return tuple(_names(path))


def _names(path: Path) -> Iterator[Word]:
    yield Word(path, 1, path.stem)
    for node in ast.walk(tree_of(path)):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield Word(path, node.lineno, name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield Word(path, node.lineno, name)
            case ast.keyword(arg=str(name)) | ast.alias(name=name):
                yield Word(path, node.lineno, name)
            case _:
                pass


@cache
def page_words() -> tuple[Word, ...]:
    """Lines of templates and scripts of the package, their comments left out."""
    return tuple(_page_words())


def _page_words() -> Iterator[Word]:
    for path in sorted(SOURCE.rglob("*.html")) + sorted(SOURCE.rglob("*.js")):
        text = re.sub(r"\{#.*?#\}|<!--.*?-->|/\*.*?\*/|(?<!:)//[^\n]*", _blank, text_of(path), flags=re.DOTALL)
        for number, line in enumerate(text.splitlines(), start=1):
            yield Word(path, number, line)


def _blank(comment: re.Match[str]) -> str:
    return "\n" * comment.group().count("\n")


@cache
def place_names() -> frozenset[str]:
    """Full names of all regions of the code list, and what is left of them without 省, 市, 县 and the like.

    Where the short name is a single character (沙县) only the full one counts.
    """
    with (ROOT / "policy/national/codes/regions.csv").open(encoding="utf-8", newline="") as lines:
        full = {row["name"] for row in csv.DictReader(lines)}
    short = {_LAST_WORDS.sub("", name) for name in full}
    return frozenset(name for name in full | short if len(name) >= 2)


_LAST_WORDS = re.compile(r"(?:特别行政区|[回壮]族自治区|维吾尔自治区|自治[区州县旗]|地区|林区|特区|[省市县区旗盟])$")


class PlaceFinder:
    """Finds names in texts, by how they begin: thousands of them cost no more than a few."""

    def __init__(self, names: Iterable[str]) -> None:
        self._beginning: dict[str, list[str]] = defaultdict(list)
        for name in names:
            self._beginning[name[:2]].append(name)

    def found_in(self, text: str) -> str | None:
        """The first name that stands in a text, None where there is none."""
        starts = () if text.isascii() else range(len(text) - 1)
        names = ((name, at) for at in starts for name in self._beginning.get(text[at : at + 2], ()))
        return next((name for name, at in names if text.startswith(name, at)), None)


def django_models() -> Iterator[Word]:
    """Classes of ``records/**/models.py`` that are tables."""
    for path in sorted(SOURCE.glob("records/**/models.py")):
        for node in tree_of(path).body:
            if isinstance(node, ast.ClassDef) and node.bases:
                yield Word(path, node.lineno, node.name)


def long_functions(path: Path, lines: int) -> Iterator[Word]:
    """Functions longer than so many lines, decorators and docstring not counted."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            doc = node.body[0] if ast.get_docstring(node) else None
            length = node.end_lineno - node.lineno + 1 - (doc.end_lineno - doc.lineno + 1 if doc else 0)  # type: ignore[operator]
            if length > lines:
                yield Word(path, node.lineno, node.name)
