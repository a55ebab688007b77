"""Every text of the pages that asks for a translation, from the templates and from the Python beside them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.template import engines
from django.template.base import Node, Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

WEB = Path(__file__).parents[2] / "src" / "shuangkong" / "web"
CALLS = {"_", "lazy", "gettext", "gettext_lazy", "ngettext"}


def template_ids() -> Iterator[tuple[str, str]]:
    """(id as in a .mo, file name)."""
    for path in sorted(WEB.rglob("templates/**/*.html")):
        template = Template(path.read_text(encoding="utf-8"), engine=engines["django"].engine)
        nodes: list[Node] = template.nodelist.get_nodes_by_type(TranslateNode)
        for node in nodes:
            yield node.filter_expression.var.literal or str(node.filter_expression.var), path.name
        for node in template.nodelist.get_nodes_by_type(BlockTranslateNode):
            singular, _ = node.render_token_list(node.singular)
            singular = _trimmed(singular) if node.trimmed else singular
            if node.plural and node.countervar:
                plural, _ = node.render_token_list(node.plural)
                singular += "\0" + (_trimmed(plural) if node.trimmed else plural)
            yield singular, path.name


def python_ids() -> Iterator[tuple[str, str]]:
    for path in sorted(WEB.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                if words:
                    yield "\0".join(words[:2] if node.func.id == "ngettext" else words[:1]), path.name


def _trimmed(text: str) -> str:
    return " ".join(line.strip() for line in text.strip().splitlines() if line.strip())
