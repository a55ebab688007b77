"""A code of a refusal has one meaning: what is written after it in one module is not otherwise in another."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from tests.house import SOURCE, modules, tree_of

#: Families of codes whose codes have one place each.
FAMILIES = (
    "MON", "RPT", "API", "ASM", "CAS", "CLI", "COL", "EXC", "GTW", "NTC", "PLN", "POL", "PPR", "RDG", "RMD", "SHA",
    "SIM", "SIT", "STR", "UPL",
)  # fmt: skip
#: Families that still say one code in several places; none may be added here.
STILL_DOUBLED = frozenset({"FCT", "IND", "OUT", "PPL", "QTA", "REG", "TGT", "TSK", "TXT"})
_CODE = re.compile(r"[A-Z]{3}-\d{3}")


def _shape(node: ast.expr | None, locals_: dict[str, str]) -> str:
    """A text with what is put into it left out; "" where it is not written there."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_shape(each, locals_) if isinstance(each, ast.Constant) else "{}" for each in parts)
        case ast.Name(id=name):
            return locals_.get(name, "")
    return ""


def _told(node: ast.AST, locals_: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(code, Chinese) of a call that begins with both, or has them after a first thing; of a row of a table also."""
    parts: list[ast.expr] = []
    if isinstance(node, ast.Call):
        parts = node.args
    elif isinstance(node, ast.Tuple):
        parts = node.elts
    for code, zh in pairwise(parts):
        if isinstance(code, ast.Constant) and isinstance(code.value, str) and _CODE.fullmatch(code.value):
            yield code.value, _shape(zh, locals_)


def meanings(path: Path) -> Iterator[tuple[str, str]]:
    """Codes that a module refuses with, and the shapes of what it says in Chinese."""
    whole = tree_of(path)
    for scope in (whole, *(each for each in ast.walk(whole) if isinstance(each, ast.FunctionDef))):
        assigned = sorted(
            (each.lineno, target.id, _shape(each.value, {}))
            for each in ast.walk(scope)
            if isinstance(each, ast.Assign)
            for target in each.targets
            if isinstance(target, ast.Name)
        )
        for node in ast.walk(scope) if scope is not whole else whole.body:
            # A name means what it was given last above it: one function says several things by one name.
            line = getattr(node, "lineno", 0)
            locals_ = {name: text for at, name, text in assigned if at <= line}
            yield from ((code, zh) for code, zh in _told(node, locals_) if zh)


@cache
def every() -> tuple[tuple[str, str, Path], ...]:
    """(code, Chinese, module) of all modules."""
    return tuple((code, zh, path) for path in modules() for code, zh in meanings(path))


def doubles(family: str) -> dict[str, set[tuple[str, str]]]:
    """Code → (module, words) where modules say different things with it."""
    said: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for code, zh, path in every():
        if code.startswith(f"{family}-"):
            # The name that a sentence begins with, and its full stop, may be put around it elsewhere.
            said[code][str(path.relative_to(SOURCE))].add(zh.removeprefix("“{}”").removesuffix("。"))
    return {
        code: {(module, zh) for module, words in by.items() for zh in words}
        for code, by in said.items()
        if len(by) > 1 and len({frozenset(words) for words in by.values()}) > 1
    }


@pytest.mark.parametrize("family", FAMILIES)
def test_a_code_means_one_thing(family: str) -> None:
    assert not doubles(family), "a refusal of its own has a code of its own"


def test_every_family_is_looked_at_or_known_to_be_doubled() -> None:
    """A new family has one place for each code from its first day."""
    found = {code.partition("-")[0] for code, _zh, _path in every()}
    assert found <= STILL_DOUBLED | set(FAMILIES)


def unread(family: str) -> dict[str, set[str]]:
    """Code → modules that name it, where in one of them its words cannot be read: nobody knows if they are the same."""
    named: dict[str, set[str]] = defaultdict(set)
    seen = {(code, str(path.relative_to(SOURCE))) for code, _zh, path in every()}
    for path in modules():
        module = str(path.relative_to(SOURCE))
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE.fullmatch(node.value):
                named[node.value].add(module)
    return {
        code: by
        for code, by in named.items()
        if code.startswith(f"{family}-") and len(by) > 1 and any((code, module) not in seen for module in by)
    }


def test_codes_whose_words_cannot_be_read_stand_in_one_module() -> None:
    assert not unread("MON"), "say the words beside the code, or take another code"


def test_a_module_says_one_thing_with_a_code() -> None:
    said = {(code, zh, path) for code, zh, path in every() if code.startswith("MON-")}
    pairs = [(code, path) for code, _zh, path in said]
    assert not {each for each in pairs if pairs.count(each) > 1}


def test_the_look_sees_codes(tmp_path: Path) -> None:
    module = tmp_path / "one.py"
    module.write_text('def f(n):\n    zh = f"没有{n}"\n    raise Refused("XYZ-001", zh, "")\n', encoding="utf-8")
    assert list(meanings(module)) == [("XYZ-001", "没有{}")]
    more = '    if n:\n        zh = "多了"\n        raise Refused("XYZ-002", zh, "")\n'
    second = tmp_path / "two.py"
    second.write_text(module.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert sorted(meanings(second)) == [("XYZ-001", "没有{}"), ("XYZ-002", "多了")], "each by the words above it"
    assert sum(code.startswith("MON-") for code, _zh, _path in every()) > 40
