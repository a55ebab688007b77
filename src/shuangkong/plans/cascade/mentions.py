"""文中所提: sub-plans to be written, values that come from above, duties to cooperate, first responsible persons.

Found in the sentences of the measures, for a person to confirm: a finding here decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from shuangkong.core.span import Span
from shuangkong.plans.reader.characters import plain


class MentionKind(StrEnum):
    """What a sentence speaks of."""

    SUB_PLAN = "sub_plan"  # 须编制的子方案
    AWAITED = "awaited"  # 数值由上级下达的目标
    COOPERATION = "cooperation"  # 配合上级
    RESPONSIBLE = "responsible"  # 第一责任人


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing found: ``title`` in few words, ``giver`` the level above as printed ("" where none is named).

    ``item`` is the place of the sentence's measure in the list given, ``span`` the words, ``sentence`` around them.
    """

    kind: MentionKind
    title: str
    giver: str
    item: int
    span: Span
    sentence: Span


_LEVEL = r"(?:上级|国家|中央|国务院|省委省政府|省委|省政府|市委市政府|市政府|[省市县区州](?:级|里)?(?:政府)?)"
_LEVELS = rf"{_LEVEL}(?:[、和与及]{_LEVEL})*"
_WRITING = r"(?:编制|制定|制订|拟定|拟订|起草|研究提出|出台|修订)"
_PLAN = r"(?:方案|规划|计划|预案)"
_AFTER_VERB = re.compile(
    rf"{_WRITING}(?:并|和|、)?(?:实施|完善|印发|组织实施|公布|出台|落实|推行)?(?:了|好)?"
    rf"(?P<title>[^，。；：！？]{{1,50}}?{_PLAN})(?!单列|生育|建设|布局|环评|管理)"
    r"|做好(?P<reserve>[^，。；：！？]{2,30}?预案)"
    # One's own, carried out by its name: 推进…三年计划, 启动预警调控方案; it must have been written before.
    r"|(?:启动|推进|实施)(?!国家|全国|上级|省|市)(?P<running>[^，。；：！？]{2,40}?(?:[一二三四五两\d]年(?:行动)?(?:计划|方案)|调控方案))"
)
_BEFORE_VERB = re.compile(
    rf"(?:启动|开展|做好|完成|推进|加快|抓紧|全面)+(?P<title>[^，。；：！？]{{2,40}}?{_PLAN})的?{_WRITING}"
)
#: More plans in the same breath, behind the first: 方案和应急预案.
_MORE = re.compile(rf"^[、和与及](?P<title>[^，。；：！？、和与及]{{2,30}}?{_PLAN})")
#: What hides before a plan's own name.
_FRONT = re.compile(
    rf"^(?:本地区|本部门|本行业|相应|相关|有关|具体|各自|和完善|并完善|完善|的|了|切实可行|科学合理|实施|落实|好)+|^{_WRITING}"
)
#: Plans that are not written under this one: the whole itself, or words that name no plan.
_NO_PLAN = re.compile(r"^(?:本|该|此|上述|各|有关|相关|相应|工作|实施|具体)?(?:实施)?(?:方案|规划|计划|预案)$")

_AWAITED = re.compile(
    rf"(?P<what>[^，。；：！？]{{0,40}}?)(?:确保|力争|全面|按期|按时|如期)*(?<!未)(?:完成|达到|实现|落实|不突破|控制在|按照?)"
    rf"(?P<giver>{_LEVELS})(?:统一)?(?:下达|分解|核定|确定|分配)(?:给?我[省市县区州旗]|本[省市县区])?的?"
    rf"(?P<object>[^，。；：！？]{{0,30}}?(?:目标任务|目标|任务|指标|要求|数))"
)
_PROMISED_WORDS = re.compile(r"^(?:到\d{4}年|至\d{4}年|\d{4}年底?前?|统筹.*|确保|力争|全面)+[，,]?")
_COOPERATION = re.compile(
    rf"(?:积极|主动|全力|认真)?配合(?:做好|开展|推进|完成|落实)?(?=[^，。；：！？]{{0,6}}{_LEVEL})"
    rf"(?P<giver>{_LEVELS})?(?P<title>[^，。；：！？]{{2,50}})"
)
_RESPONSIBLE = re.compile(r"[^。；]{0,80}(?P<title>第一责任人|负总责|直接责任人|到岗位)")


def mentions(text: str, measures: Iterable[tuple[Span, Iterable[Span]]]) -> tuple[Mention, ...]:
    """Everything found in the sentences of measures, in the order of the text.

    Args:
        text: the document's text.
        measures: of each measure its own span and those of its sentences; without sentences the measure is one.
    """
    folded = plain(text)
    found: list[Mention] = []
    for item, (span, sentences) in enumerate(measures):
        for sentence in tuple(sentences) or (span,):
            found.extend(_of_sentence(folded, item, sentence))
    return tuple(dict.fromkeys(found))


def _of_sentence(text: str, item: int, sentence: Span) -> Iterator[Mention]:
    """Mentions of one sentence; a line end or blank within it parts no words."""
    places = [at for at in range(sentence.start, sentence.end) if not text[at].isspace()]
    said = "".join(text[at] for at in places).replace(",", "，")

    def told(kind: MentionKind, title: str, giver: str, start: int, end: int) -> Mention:
        return Mention(kind, title, giver, item, Span(places[start], places[end - 1] + 1), sentence)

    for title, start, end in _sub_plans(said):
        yield told(MentionKind.SUB_PLAN, title, "", start, end)
    for match in _AWAITED.finditer(said):
        yield told(MentionKind.AWAITED, _awaited(match), match["giver"], *match.span())
    for match in _COOPERATION.finditer(said):
        yield told(MentionKind.COOPERATION, match["title"], match["giver"] or "", *match.span())
    responsible = _RESPONSIBLE.search(said)
    if responsible is not None:
        yield told(MentionKind.RESPONSIBLE, responsible["title"], "", *responsible.span())


def _sub_plans(said: str) -> Iterator[tuple[str, int, int]]:
    """Names of plans to be written, with their places; each place once."""
    taken: set[int] = set()
    for match in sorted((*_AFTER_VERB.finditer(said), *_BEFORE_VERB.finditer(said)), key=lambda each: each.start()):
        group = match.lastgroup or "title"
        title, end = match[group], match.end(group)
        if end in taken:
            continue
        yield from _named(title, match.start(), end, taken)
        while more := _MORE.match(said[end:]):
            end += more.end()
            yield from _named(more["title"], end - len(more["title"]), end, taken)


def _named(title: str, start: int, end: int, taken: set[int]) -> Iterator[tuple[str, int, int]]:
    taken.add(end)
    name = _FRONT.sub("", title)
    if not _NO_PLAN.match(name):
        yield name, start, end


def _awaited(match: re.Match[str]) -> str:
    """The indicator before the verb (非化石能源消费比重完成市级下达目标), else what is assigned."""
    before = _PROMISED_WORDS.sub("", match["what"])
    return before if len(before) > 3 else match["object"]
