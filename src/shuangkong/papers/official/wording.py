"""文稿模板: the words of a paper as a plain text that an office may rewrite, filled with what the records say.

A template is read line by line; a line is a paragraph, blank lines and lines after # are passed over.

    标题：…            the title; ｜ says where it breaks if it is long
    一、…  （一）…       headings; they are numbered anew in their order, since a line before may be left out
    〔表：名称〕          a table that the paper offers
    〔逐项：名称〕…       one paragraph for each entry of a list; ｛序号｝ counts them
    〔有：名称〕…〔无：名称〕…  the rest of the line only where a list or a value holds something, or nothing
    附件：…            from here on an attachment of that name
    出席：…            a word set in the face of headings before its paragraph; also 请假、列席
    ｛名称｝            a value; {名称} as well

What is a heading or an attachment is read off the template, never off a value put into it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from shuangkong.papers.official.paper import Attachment, Block, Content, Paragraph, Table
from shuangkong.papers.official.refusal import TemplateRefused

type Values = Mapping[str, str]

_CONDITION = re.compile(r"^〔(有|无)：([^〕]+)〕")
_EACH = re.compile(r"^〔逐项：([^〕]+)〕")
_TABLE = re.compile(r"^〔表：([^〕]+)〕$")
_TITLE, _ATTACHMENT = re.compile(r"^标题：(.+)$"), re.compile(r"^附件：(.+)$")
_VALUE = re.compile(r"[{｛]([^{}｛｝]*)[}｝]")
_STRONG = re.compile(r"^(?:出席|请假|列席)：")
_FIRST_LEVEL, _SECOND_LEVEL = re.compile(r"^[一二三四五六七八九十]+、"), re.compile(r"^（[一二三四五六七八九十]+）")
_FIGURES = "一二三四五六七八九"
_COUNTER = "序号"


@dataclass(frozen=True, slots=True)
class Words:
    """What a template may name: single values, lists of entries with their own values, tables."""

    values: Values
    lists: Mapping[str, Sequence[Values]] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)


def filled(template: str, words: Words, name: str) -> Content:
    """The content that a template makes of the words.

    Raises:
        TemplateRefused: it names what the paper does not offer, or has no title; says the file, the line and the names.
    """
    return _Filling(name, words).content(template)


@dataclass(slots=True)
class _Part:
    """The body or an attachment, as it grows; it numbers its own headings."""

    title: str
    blocks: list[Block]
    first: int = 0
    second: int = 0

    def add(self, text: str, say: Callable[[str], str]) -> None:
        if _FIRST_LEVEL.match(text):
            self.first, self.second = self.first + 1, 0
            self.blocks.append(Paragraph(say(_FIRST_LEVEL.sub(f"{chinese(self.first)}、", text)), 1))
        elif _SECOND_LEVEL.match(text):
            self.second += 1
            self.blocks.append(Paragraph(say(_SECOND_LEVEL.sub(f"（{chinese(self.second)}）", text)), 2))
        elif found := _STRONG.match(text):
            self.blocks.append(Paragraph(say(text[found.end() :]), strong=found.group()))
        else:
            self.blocks.append(Paragraph(say(text)))


class _Filling:
    """One pass over a template."""

    def __init__(self, name: str, words: Words) -> None:
        self.name, self.words, self.number = name, words, 0

    def content(self, template: str) -> Content:
        title, parts = "", [_Part("", [])]
        for text in self._lines(template):
            if found := _TITLE.match(text):
                title = self._said(found[1], self.words.values)
            elif found := _ATTACHMENT.match(text):
                parts.append(_Part(self._said(found[1], self.words.values), []))
            elif found := _TABLE.match(text):
                parts[-1].blocks.append(self._named(found[1], self.words.tables, "表"))
            else:
                self._paragraphs(text, parts[-1])
        if not title:
            raise TemplateRefused(
                "PPR-102",
                f"文稿模板 {self.name} 没有标题。请加一行“标题：…”。",
                f"The template {self.name} has no title. Add a line 标题：….",
            )
        attachments = tuple(Attachment(part.title, tuple(part.blocks)) for part in parts[1:])
        return Content(title, tuple(parts[0].blocks), attachments)

    def _lines(self, template: str) -> Iterator[str]:
        """The lines that stand, without the conditions before them."""
        for self.number, raw in enumerate(template.splitlines(), start=1):
            text = raw.strip(" \t\ufeff")
            while text and (found := _CONDITION.match(text)):
                text = text[found.end() :] if self._holds(found[2]) is (found[1] == "有") else ""
            if text and not text.startswith("#"):
                yield text

    def _holds(self, name: str) -> bool:
        known: dict[str, object] = {**self.words.values, **self.words.lists}
        return bool(self._named(name, known, "值或清单"))

    def _paragraphs(self, text: str, part: _Part) -> None:
        found = _EACH.match(text)
        if found is None:
            part.add(text, lambda raw: self._said(raw, self.words.values))
            return
        for at, entry in enumerate(self._named(found[1], self.words.lists, "清单"), start=1):
            values = {**self.words.values, **entry, _COUNTER: str(at)}
            part.add(text[found.end() :], partial(self._said, values=values))

    def _said(self, text: str, values: Values) -> str:
        return _VALUE.sub(lambda found: self._named(found[1], values, "值"), text)

    def _named[T](self, name: str, known: Mapping[str, T], kind: str) -> T:
        if name not in known:
            names = "、".join(known) or "（无）"
            raise TemplateRefused(
                "PPR-103",
                f"文稿模板 {self.name} 第 {self.number} 行：没有名为“{name}”的{kind}。可用的有：{names}。",
                f"Template {self.name}, line {self.number}: nothing is called “{name}” here. There are: {names}.",
            )
        return known[name]


def chinese(number: int) -> str:
    """1 to 99 as headings count: 一, 十, 十一, 二十."""
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else f"{_FIGURES[tens - 1]}十"
    return ten + (_FIGURES[ones - 1] if ones else "")
