"""The glossary: the words of the field, their code names, and the page drawn from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.node import as_mapping, as_text

FILE = "glossary.yaml"


@dataclass(frozen=True, slots=True)
class Term:
    """One term. ``codes`` are its names in code and policy; ``rendering`` says where the English comes from."""

    zh: str
    en: str
    codes: tuple[str, ...]
    rendering: str
    section: str
    note: str


@dataclass(frozen=True)
class Glossary:
    """``words`` are the small words (word → Chinese) of which longer names are made."""

    terms: tuple[Term, ...]
    words: dict[str, str]

    @cached_property
    def known(self) -> frozenset[str]:
        """Every word that a name may contain: the small words and the parts of the code names."""
        return frozenset(self.words) | {part for term in self.terms for code in term.codes for part in code.split("_")}

    def unknown_in(self, name: str) -> tuple[str, ...]:
        """The parts of a name (``coal_share``, ``CoalShare``) that are no glossary words; a plural is its word."""
        parts = re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())
        return tuple(part for part in parts if not self._knows(part))

    def _knows(self, part: str) -> bool:
        return not self.known.isdisjoint({part, f"{part}s", part.removesuffix("s")})


def read_glossary(folder: PolicyFolder) -> Glossary:
    """Raises PolicyRefused where the file cannot be used."""
    node = as_mapping(folder.require(FILE))
    terms = tuple(
        Term(
            zh=record.text("zh"),
            en=record.text("en"),
            codes=record.listing("codes").texts(),
            rendering=record.text("rendering"),
            section=record.text("section"),
            note=record.text("note"),
        )
        for record in node.listing("terms").mappings()
    )
    words = {word: as_text(meaning) for word, meaning in node.mapping("words").entries.items()}
    return Glossary(terms, words)


SECTIONS = {
    "field": "行业术语 · Words of the field",
    "room": "十三个业务词 · The thirteen rooms",
    "project": "本系统 · This system",
}
RENDERINGS = {"published": "●", "common": "○", "coined": "✎"}


def glossary_page(glossary: Glossary, indicators: Iterable[tuple[str, str, str]]) -> str:
    """GLOSSARY.md; ``indicators`` are (id, Chinese, English) in the order of the page."""
    return "\n".join(_page(glossary, indicators)) + "\n"


def _page(glossary: Glossary, indicators: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    yield "# 词汇表 · Glossary"
    yield ""
    yield "由 `policy/glossary.yaml` 和 `policy/national/indicators/` 生成（`shuangkong docs`），请勿手改。"
    yield "Generated from the policy files by `shuangkong docs`; do not edit."
    yield ""
    yield "英文译法 Rendering: ● 见于已出版的译文 published · ○ 文献通用 common · ✎ 本项目拟定 coined here"
    for section, heading in SECTIONS.items():
        yield from ("", f"## {heading}", "", "| 中文 | English | 代码名 code name | | 说明 |", "|---|---|---|---|---|")
        for term in glossary.terms:
            if term.section == section:
                codes = ", ".join(f"`{code}`" for code in term.codes) or "—"
                yield f"| {term.zh} | {term.en} | {codes} | {RENDERINGS[term.rendering]} | {term.note} |"
    yield from ("", "## 指标 · Indicators", "", "| 编号 id | 中文 | English |", "|---|---|---|")
    for id, zh, en in indicators:  # noqa: A001 - the word of the field
        yield f"| `{id}` | {zh} | {en} |"
    yield from (
        "",
        "## 构词 · Small words",
        "",
        "编号由这些词和上面的代码名组成。Names are made of these words and the code names above.",
    )
    yield from ("", "| 词 word | 中文 |", "|---|---|")
    for word in sorted(glossary.words):
        yield f"| `{word}` | {glossary.words[word]} |"
