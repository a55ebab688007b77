"""用字: doubled words and clauses, dropped characters, small letters, percent where points may be meant."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from shuangkong.core.span import Span
from shuangkong.plans.audit.clauses import clauses, sentences
from shuangkong.plans.audit.context import Context, Hit, shortened, tidy
from shuangkong.plans.reading import Item

_DOUBLED = re.compile(
    "(?P<word>[\u4e00-\u9fff]{2,8})(?P=word)(?![\u4e00-\u9fff]?(?P=word))|(?P<long>[\u4e00-\u9fff]{3,12})的(?P=long)"
)
#: 一批一批: reduplication that the language means.
_MEANT = re.compile("^一")
_TITLE = re.compile("《(?P<name>[^》]{2,80})》")
_TITLE_CUT = re.compile("(?:的[通意决办实方规函批公]|通告?知?的|[、，的与和])$")
_STAGE_LOST = re.compile("(?:(?:符合|达到|执行|满足|供应)(?P<lost>国)标准|[（(](?P<paren>国)[）)]标准)")
_SMALL = re.compile(r"(?<![A-Za-z0-9/.:@_\-])[a-z]{3,6}(?![A-Za-z0-9/.:@_\-])|劣[ivx]+类")
#: Lower-case words that are units, not abbreviations of terms.
_SMALL_UNITS = frozenset({"kwh", "tce", "kgce", "mol", "ppm", "ppb", "www", "com", "http", "https"})
#: Names that are percentages by themselves: any …率 but those in another unit (产出率, 劳动生产率, 功率), and shares.
_PERCENTAGE = "(?<!生产)(?<!产出)(?<!周转)(?<![功频费税利汇速曲斜倍])(?<!容积)(?<!增长)(?<!下降)率|比例|比重|占比|份额"
_PERCENT = re.compile(
    rf"(?P<name>[\u4e00-\u9fff]{{0,12}}(?:{_PERCENTAGE}))(?:分别|均|平均|较20\d\d年|比20\d\d年)*"
    r"(?P<verb>降低|下降|减少|提高|提升|增加|增长)了?(?P<number>\d+(?:\.\d+)?)[%％](?!的)"
)
#: Characters from which a clause said twice in one item is no chance, and those from which it is none in two items.
_CLAUSE, _LONG_CLAUSE = 10, 18
_TASK = re.compile("[\u4e00-\u9fff“”]{6,24}(?:专项行动|行动计划|试点示范|示范工程)")


def doubled_word(context: Context) -> Iterator[Hit]:
    """叠字叠词: 余热余热, 相关负责人的相关负责人."""
    for item in context.reading.items:
        for span in (item.title_span, *clauses(context, item)):
            printed = span.of(context.text)
            for match in _DOUBLED.finditer(printed):
                word = match["word"] or match["long"]
                if _MEANT.match(word) or len(set(word)) == 1:
                    continue
                yield Hit(
                    place=item.no,
                    spans=(Span(span.start + match.start(), span.start + match.end()),),
                    facts={"found": match.group(), "word": word},
                    ground=f"「{shortened(printed)}」",
                )


def doubled_clause(context: Context) -> Iterator[Hit]:
    """整句重复: a long clause printed word for word in two places."""
    places: dict[str, list[tuple[Item, Span]]] = defaultdict(list)
    for item in context.reading.items:
        for clause in clauses(context, item):
            printed = tidy(clause.of(context.text))
            if len(printed) >= _CLAUSE:
                places[printed].append((item, clause))
    for printed, found in places.items():
        in_one_item = len({item.no for item, _ in found}) < len(found)
        if len(found) > 1 and (in_one_item or len(printed) >= _LONG_CLAUSE):
            yield Hit(
                place="、".join(dict.fromkeys(item.no for item, _ in found)),
                spans=tuple(span for _, span in found),
                facts={"found": shortened(printed), "count": str(len(found))},
                ground="; ".join(f"{item.no}「{shortened(printed)}」" for item, _ in found),
            )


def task_twice(context: Context) -> Iterator[Hit]:
    """同名任务两条并列: one named action in two items, so that two leads answer for it."""
    places: dict[str, list[tuple[Item, Span]]] = defaultdict(list)
    for item in context.reading.items:
        for clause in clauses(context, item):
            for match in _TASK.finditer(clause.of(context.text)):
                name = re.sub("^(?:实施|开展|推进|组织|深入|继续|启动|落实|大力|加快|制定)+", "", tidy(match.group()))
                places[name].append((item, Span(clause.start + match.start(), clause.start + match.end())))
    for name, found in places.items():
        items = list(dict.fromkeys(item.no for item, _ in found))
        if len(items) > 1:
            yield Hit("、".join(items), tuple(span for _, span in found), {"found": name, "items": "、".join(items)})


def phrase_twice(context: Context) -> Iterator[Hit]:
    """同一句里说两遍: verb and object of one clause stand again in another clause of the sentence or item."""
    for item in context.reading.items:
        for sentence in sentences(context, item):
            pieces = [tidy(piece) for piece in re.split("[，、；]", sentence.of(context.text))]
            for at, piece in enumerate(pieces):
                thing = piece[-4:]
                verb = re.match("(?:加强|积极|大力|深入)?(推广|建设|完善|推进|改造|实施)", piece)
                if verb is None or not 6 <= len(piece) <= 12:
                    continue
                before = next((other for other in pieces[:at] if thing in other and verb.group(1) in other), None)
                if before is not None and before != piece:
                    yield Hit(
                        place=item.no,
                        spans=(sentence,),
                        facts={"found": piece, "before": shortened(before)},
                        ground=f"「{shortened(before)}」「{piece}」",
                    )


def title_cut(context: Context) -> Iterator[Hit]:
    """书名号内题名不完整: 《…的通》."""
    for match in _TITLE.finditer(context.text):
        name = tidy(match["name"])
        if _TITLE_CUT.search(name):
            span = Span(match.start(), match.end())
            yield Hit(
                context.place_at(span),
                (span,),
                {"found": f"《{shortened(name)}》", "end": name[-2:]},
                f"…{name[-6:]}》",
            )


def stage_lost(context: Context) -> Iterator[Hit]:
    """阶段号脱落: 国标准 without Ⅴ or Ⅵ."""
    for match in _STAGE_LOST.finditer(context.text):
        span = Span(match.start(), match.end())
        around = context.text[max(0, match.start() - 8) : match.end() + 8]
        yield Hit(context.place_at(span), (span,), {"found": match.group()}, f"「…{shortened(around)}…」")


def small_letters(context: Context) -> Iterator[Hit]:
    """缩写小写: gdp, vocs, 劣v类, as left behind by a conversion; one finding for the document."""
    found: dict[str, list[Span]] = defaultdict(list)
    for item in context.reading.items:
        for match in _SMALL.finditer(context.text, item.span.start, item.span.end):
            if match.group() not in _SMALL_UNITS:
                found[match.group()].append(Span(match.start(), match.end()))
    if found:
        spans = sorted(span for places in found.values() for span in places)
        yield Hit(
            place="、".join(dict.fromkeys(context.place_at(span) for span in spans)),
            spans=tuple(spans),
            facts={"found": "、".join(found)},
        )


def percent_or_points(context: Context) -> Iterator[Hit]:
    """百分比还是百分点: a share that falls or rises by …%."""
    for item in context.reading.items:
        for clause in clauses(context, item):
            printed = tidy(clause.of(context.text))
            if match := _PERCENT.search(printed):
                yield Hit(
                    place=item.no,
                    spans=(clause,),
                    facts={"name": match["name"], "verb": match["verb"], "number": match["number"]},
                    ground=f"「{shortened(printed)}」",
                )
