"""标题与正文: goals without a figure, and words of a heading that its text never takes up."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shuangkong.core.span import Span
from shuangkong.plans.audit.clauses import sentences
from shuangkong.plans.audit.context import Context, Hit, shortened, tidy

_DATED = re.compile(r"(?:到|至|力争到)?20\d\d年(?:年?底|年?末)?(?:以?前)?")
_VAGUE = re.compile(
    "(显著|明显|大幅|大幅度|进一步|持续|不断|有效|稳步|较大|切实)(提高|提升|改善|下降|降低|优化|增强|减少|好转|进展|加强|完善)"
)
#: What several listed things are the parts of, at the end of a heading.
_WHOLE = "体系|制度|机制|平台|网络|排放|考核|监管"
_LISTED_TITLE = re.compile(
    f"(?P<list>[\u4e00-\u9fff]{{2,}}(?:[、和与及][\u4e00-\u9fff]{{2,}})+?)(?P<whole>{_WHOLE})(?:建设)?$"
)


def goal_without_figure(context: Context) -> Iterator[Hit]:
    """有期限无数值: a dated sentence that promises a betterment and prints no number."""
    for item in context.reading.items:
        for sentence in sentences(context, item):
            printed = tidy(sentence.of(context.text))
            rest, dated = _DATED.subn("", printed)
            vague = _VAGUE.search(rest)
            if dated and vague and not re.search(r"\d", rest):
                yield Hit(
                    place=item.no,
                    spans=(sentence,),
                    facts={"title": tidy(item.title), "words": vague.group(), "quote": shortened(printed)},
                    ground=f"「{shortened(printed, 80)}」",
                )


def _pieces(title: str) -> list[str]:
    """The things a heading lists, each by its last two characters (强化预警和考核体系: 预警, 考核)."""
    match = _LISTED_TITLE.search(title)
    if match is None:
        return []
    return [piece[-2:] for piece in re.split("[、和与及]", match["list"]) if len(piece) >= 2]


def heading_unfulfilled(context: Context) -> Iterator[Hit]:
    """标题所列正文未及: a heading lists four things, the text speaks of three."""
    for item in context.reading.items:
        body = tidy("".join(span.of(context.text) for span in context.bare(item)))
        body = body.split(tidy(item.title), 1)[-1]
        missing = [piece for piece in _pieces(tidy(item.title)) if piece not in body]
        if missing and body:
            yield Hit(
                place=item.no,
                spans=(Span(item.title_span.start, item.title_span.end),),
                facts={"title": tidy(item.title), "missing": "、".join(missing)},
            )
