"""One code, one meaning: whoever reads a code in the handbook reads of one thing."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "shuangkong"
CODE = re.compile(r"RPT-9\d\d")


def said(node: ast.expr | None, names: dict[str, ast.expr]) -> str:
    """The text of an expression, what is filled in left out."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(said(each, names) if isinstance(each, ast.Constant) else "…" for each in values)
        case ast.BinOp(left=left, right=right):
            return said(left, names) + said(right, names)
        case ast.Name(id=name) if name in names:
            return said(names[name], {})
        case _:
            return "…"


def assigned(function: ast.AST) -> dict[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = [(target, node.value)]
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = list(zip(target.elts, node.value.elts, strict=False))
                found |= {one.id: value for one, value in pairs if isinstance(one, ast.Name)}
    return found


def refusals() -> Iterator[tuple[str, str, str]]:
    """(code, what it says in English, where)."""
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if not CODE.search(text):
            continue
        for function in ast.walk(ast.parse(text)):
            if not isinstance(function, ast.FunctionDef):
                continue
            names = assigned(function)
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and len(node.args) >= 3:
                    code = said(node.args[0], {})
                    if CODE.fullmatch(code):
                        yield code, said(node.args[2], names), f"{path.relative_to(SOURCE)}:{node.lineno}"


def test_a_code_of_refusal_has_one_meaning() -> None:
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for code, words, place in refusals():
        found[code][words].append(place)
    assert len(found) > 50
    double = {code: dict(meanings) for code, meanings in found.items() if len(meanings) > 1}
    assert not double, double
