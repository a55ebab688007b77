"""承诺: the sentences of an item read into targets, thresholds and duties, clause by clause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.core.span import Span
from shuangkong.plans.reader import naming, predicates, times
from shuangkong.plans.reader.flow import Paragraph
from shuangkong.plans.reader.naming import Names
from shuangkong.plans.reader.numbering import value_of
from shuangkong.plans.reader.predicates import Predicate
from shuangkong.plans.reader.quantities import BOUND_OPS, Quantity, Run, quantities, runs, stage
from shuangkong.plans.reading import Doubt, Duty, Horizon, Kind, Op, Strength, Target, Threshold

#: Kinds that are measured from a base year.
_BASED = frozenset({Kind.REDUCTION_RATE, Kind.POINT_GAIN, Kind.GROWTH, Kind.REDUCTION_AMOUNT, Kind.CAP_INCREMENT})
_SENTENCE = re.compile(r"[。；]")
_AMBITION = re.compile(r"力争|争取")
_EXTENT = re.compile(
    r"全部|所有|全面(?=完成|达到|实现|执行|消除|建成|供应|推开|淘汰|建设)|全覆盖|基本(?=完成|实现|达到|消除|建成|淘汰|形成|建立)|完成.{0,4}(?:国家|省|市|上级).{0,2}下达"
)
_WHOLE = re.compile(r"全部|所有|全面(?=完成|达到|实现|执行|消除|建成|供应)|全覆盖|县县|村村")
_DONE = re.compile(r"达到|完成|建成|实现|执行|消除|淘汰|覆盖|供应|取缔|实施|建设|安装|得到|稳定")
_ZERO = re.compile(r"(?:实现|保持)?(?:零增长|负增长|只减不增|不增长)")
_STANDARD = re.compile(r"^(?:的)?(?:建筑)?(?:节能)?(?:设计)?标准")
_PREDICATE_TAIL = re.compile(r"^(?:的)?.{0,4}(?:目标|任务|要求|水平)(?:$|[^\u4e00-\u9fff])|^(?:以上|以下|；|$)")
_VERB_IN = re.compile(
    r"实施|完成|达到|建成|配套|执行|实现|得到|开展|纳入|安装|使用|采用|建立|通过|符合|进行|具备|获得|参与|落实|完善|治理|淘汰|应用|配备|改造|推行|接入|设置|满足|创建|取得|覆盖|普及|推广|回收|处理|利用"
)
_PLACE = re.compile(
    r"(?:区|城|县|市|镇|乡|村|城市|地区|领域|行业|企业|单位|部门|机关|建筑|项目|工业|农业|流域|）|园区|以上地区|车辆|河流|断面)$"
)
_HEAD_CLASS = re.compile(r"^.{0,3}(?:国家|省|市|区|县|部|镇|自治区)级")


@dataclass(slots=True)
class _State:
    """What a clause inherits from those before it: within the item (deadline) or within the sentence (the rest)."""

    deadline: str | None = None
    base_year: int | None = None
    strength: Strength = Strength.FIRM
    subjects: list[str] = field(default_factory=list)
    unit: str = ""
    verb: str = ""
    base_values: tuple[Decimal, ...] = ()
    topic: str | None = None
    dated_sentence: bool = False

    def new_sentence(self, end_year: int | None) -> None:
        """A deadline other than the plan's own holds for its sentence only."""
        if end_year and self.deadline and self.deadline[:4] != str(end_year):
            self.deadline = None
        self.base_values = ()
        self.base_year, self.strength, self.topic, self.dated_sentence = None, Strength.FIRM, None, False


@dataclass(frozen=True, slots=True)
class Words:
    """What the reader of commitments is given: names, printed units, five-year plans, the horizon of the plan."""

    names: Names
    units: tuple[str, ...]
    plan_starts: dict[str, int]
    horizon: Horizon
    issued_year: int | None = None


@dataclass(slots=True)
class Commitments:
    """What was read from one item. ``unread`` are numbers that no rule explains: shown to the reviewer, never dropped in silence."""

    targets: list[Target] = field(default_factory=list)
    thresholds: list[Threshold] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    unread: list[Span] = field(default_factory=list)


def read_commitments(pieces: list[tuple[Paragraph, int, int]], item_no: str, words: Words) -> Commitments:
    """Reads the text pieces (paragraph, start, end) of one item, its heading and responsibility bracket left out."""
    found = Commitments()
    state = _State()
    for paragraph, start, end in pieces:
        for left, right in sentences(paragraph.text, start, end):
            state.new_sentence(words.horizon.end_year)
            for clause in _clauses(paragraph.text, left, right):
                _Clause(paragraph, *clause, item_no, words, state, found).read()
    return found


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Sentences of ``text[start:end]``, cut at 。 and ； outside brackets; the mark belongs to its sentence."""
    yield from _cut(text, start, end, "。；", keep=True)


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    yield from _cut(text, start, end, "，；。：！,", keep=False)


def _cut(text: str, start: int, end: int, marks: str, *, keep: bool) -> Iterator[tuple[int, int]]:
    depth, left = 0, start
    for at in range(start, end):
        char = text[at]
        if char in "（《“<":
            depth += 1
        elif char in "）》”>" and depth:
            depth -= 1
        elif (
            char in marks
            and depth == 0
            and not (char == "," and text[at - 1].isdigit() and text[at + 1 : at + 2].isdigit())
        ):
            if at > left:
                yield left, at + keep
            left = at + 1
    if end > left:
        yield left, end


@dataclass(slots=True)
class _Clause:
    """One clause being read; writes into ``found`` and ``state``."""

    paragraph: Paragraph
    start: int
    end: int
    item_no: str
    words: Words
    state: _State
    found: Commitments

    def read(self) -> None:
        text, state, words = self.paragraph.text, self.state, self.words
        dates = [d for d in times.deadlines(text, self.start, self.end) if self._is_ahead(d.text)]
        if not dates:
            end_year = times.plan_period(text, self.start, self.end, words.plan_starts)
            period = [str(end_year)] if end_year else []
        else:
            period = [d.text for d in dates]
        if not period and words.issued_year and re.search(r"今年|本年度|年内", text[self.start : self.end]):
            period = [str(words.issued_year)]
        if period:
            state.deadline, state.dated_sentence = period[-1], True
        base = times.base_year(text, self.start, self.end, words.plan_starts)
        if base:
            state.base_year = base
        if "确保" in text[self.start : self.end]:
            state.strength = Strength.FIRM
        if _AMBITION.search(text, self.start, self.end):
            state.strength = Strength.AMBITION
        counted = [q for q in quantities(text, self.start, self.end, words.units) if not self._enclosed(q.start)]
        if counted:
            self._read_runs(runs(text, counted), period)
        else:
            self._read_words()

    def _is_ahead(self, deadline: str) -> bool:
        base = self.words.horizon.base_year
        return base is None or int(deadline[:4]) > base

    def _enclosed(self, at: int) -> bool:
        """Whether a position stands inside brackets, a title or a quotation of this clause."""
        before = self.paragraph.text[self.start : at]
        return any(before.count(a) > before.count(b) for a, b in ("（）", "《》", "“”"))

    # numbers

    def _read_runs(self, found: list[Run], period: list[str]) -> None:
        text = self.paragraph.text
        left = self.start
        verb = ""
        for index, run in enumerate(found):
            right = found[index + 1].start if index + 1 < len(found) else self.end
            before, after = text[left : run.start], text[run.end : right]
            stage_ahead = predicates.predicate(before)
            if stage_ahead.base:
                self._base_of(run, before)
            if stage_ahead.base or (stage_ahead.past and not period):
                left = run.end
                continue
            verb = predicates.action(times.without_times(before))[0] or (verb if index and len(before) <= 20 else "")
            if self._is_attributive(stage_ahead, run, after, before):
                left = self._attributive(run, before, after, found[index + 1 :], right, verb)
            else:
                self._predicative(
                    run, stage_ahead, period if len(period) == len(run.quantities) > 1 else [], verb if index else ""
                )
                left = run.end

    def _base_of(self, run: Run, before: str) -> None:
        """由2005年的1.53吨标准煤: base values printed beside the target; their subject is the target's."""
        self.state.base_values = tuple(quantity.value for quantity in run.quantities)
        year = re.search(r"(?:由|从|比|较|与|在)(\d{4})年(?:末|底)?的?约?$", before)
        if year:
            self.state.base_year = int(year[1])
        subject = naming.scope_of(
            naming.bare(times.without_times(re.sub(r"(?:由|从)(?:\d{4}年)?(?:末|底)?的?约?$", "", before)))
        )[1]
        if naming.is_measure(subject) or (self.words.names and naming.known(subject, self.words.names)):
            self.state.subjects = self._with_topic(
                naming.parts(subject, len(run.quantities), self.words.names) or [subject]
            )

    def _is_attributive(self, ahead: Predicate, run: Run, after: str, before: str) -> bool:
        """Whether the number qualifies what follows (90%以上行政村) instead of closing its own clause."""
        if not after or after[0] in "、和及与或，）且并" or _PREDICATE_TAIL.match(after):
            return False
        if _STANDARD.match(after):
            return True
        if ahead.verb in ("down_by", "up_by", "down_to", "up_to", "held_at"):
            return bool(predicates.action(before)[0]) and bool(
                run.bound or predicates.COUNTED.match(run.quantities[-1].unit)
            )
        if ahead.verb == "is" and run.quantities[-1].unit == "%" and naming.is_measure(naming.bare(ahead.subject)):
            return False
        return True

    def _attributive(self, run: Run, before: str, after: str, later: list[Run], right: int, verb: str) -> int:
        """Reads a number that stands before its noun; returns where the next number's own words begin."""
        last = run.quantities[-1]
        end = right
        phrase = after.removeprefix("的")
        if later:
            cut = max(phrase.rfind(mark) for mark in "、和及与")
            if cut > 0:
                phrase, end = phrase[:cut], run.end + (len(after) - len(after.removeprefix("的"))) + cut
        op = BOUND_OPS.get(run.bound) or predicates.predicate(before).op
        if last.unit == "%" and not _STANDARD.match(after):
            self._share_of(run, before, phrase, later, right, op)
        elif verb and (predicates.COUNTED.match(last.unit) or not run.bound) and not _STANDARD.match(after):
            name = self._counted_noun(phrase, later, right)
            for quantity in run.quantities:
                kind = (
                    Kind.COUNT
                    if predicates.COUNTED.match(quantity.unit)
                    else predicates.kind_of(verb, name, quantity.unit, op, False)
                )
                self._add(name + verb + ("数" if kind is Kind.COUNT else "量"), name, kind, op or Op.EQ, quantity)
        elif run.bound or _STANDARD.match(after):
            self._threshold(run, phrase)
            return run.end
        elif last.unit:
            self.found.unread.append(self.paragraph.span(run.start, run.end))
        return end

    def _share_of(self, run: Run, before: str, phrase: str, later: list[Run], right: int, op: Op | None) -> None:
        """90%以上行政村的生活垃圾得到处理: the share of a thing that something is done to."""
        text = self.paragraph.text
        subject = naming.bare(times.without_times(before))
        if before.rstrip().endswith(("和", "、", "及", "与")) or len(subject) > 20:
            subject = ""
        if later and not _VERB_IN.search(phrase):
            done = _VERB_IN.search(text, later[-1].end, right if right > later[-1].end else self.end)
            phrase += text[done.start() : self.end] if done else ""
        name = (subject + phrase)[: naming.LONGEST_NAME - 4]
        for quantity in run.quantities:
            full = quantity.value == 100
            self._add(name + "比例", name, Kind.COMPLETION if full else Kind.SHARE, op or Op.EQ, quantity)

    def _counted_noun(self, phrase: str, later: list[Run], right: int) -> str:
        """The noun counted; a bare class (国家级) takes the noun of the last member (省级 + 示范单位)."""
        noun = re.split(r"[、，；]", phrase)[0][:30]
        if later and re.fullmatch(r".{1,4}级", noun):
            last = self.paragraph.text[later[-1].end : self.end]
            return noun + _HEAD_CLASS.sub("", last)[:30]
        return noun

    def _threshold(self, run: Run, phrase: str) -> None:
        for quantity in run.quantities:
            op = {"以上": Op.GE, "以下": Op.LT, "以内": Op.LE}.get(quantity.bound or run.bound, Op.EQ)
            inclusive = "及" + quantity.bound in self.paragraph.text[quantity.start : quantity.end]
            self.found.thresholds.append(
                Threshold(
                    self.item_no,
                    phrase[:30],
                    Op.LE if inclusive and op is Op.LT else op,
                    quantity.value,
                    quantity.unit,
                    self.paragraph.span(self.start, self.end),
                    self.paragraph.span(quantity.start, quantity.number_end),
                )
            )

    def _predicative(self, run: Run, ahead: Predicate, years: list[str], made: str) -> None:
        subject = times.without_times(ahead.subject)
        scope, subject = naming.scope_of(naming.bare(subject))
        verb, counted = predicates.leading_action(naming.bare(subject))
        counted = counted or subject
        if made and not verb and not ahead.verb and subject and not naming.is_measure(subject):
            verb = made
        if verb and not naming.is_measure(counted):
            return self._made(run, verb, naming.bare(counted), ahead, years)
        subject = counted if verb else subject
        op = BOUND_OPS.get(run.bound) or ahead.op
        if (
            not subject
            and ahead.verb in ("is", "up_to", "")
            and _AMBITION.search(self.paragraph.text, self.start, run.start)
        ):
            # 下降15%，力争达到16%: the stretch value of the same change.
            ahead = replace(ahead, verb=self.state.verb or ahead.verb)
        names, scopes, doubts = self._subjects(naming.bare(subject), ahead, run, bool(years))
        if not names:
            self.found.unread.append(self.paragraph.span(run.start, run.end))
            return None
        self.state.subjects, self.state.unit, self.state.verb = names, run.quantities[-1].unit, ahead.verb
        values = run.quantities if len(run.quantities) > 1 else run.quantities * len(names)
        if years:
            names, scopes = names * len(values), scopes * len(values)
        for index, (name, quantity) in enumerate(zip(names, values, strict=False)):
            unit = quantity.unit or run.quantities[-1].unit
            kind = predicates.kind_of(ahead.verb, name, unit, op, quantity.value == 100 and unit == "%")
            relation = op or self._bare_op(ahead, kind)
            target = self._target(
                name, name, kind, relation, quantity, unit, scopes[index] or scope, ahead.verb, doubts
            )
            if len(self.state.base_values) == len(names):
                target = replace(target, base_value=self.state.base_values[index])
            self.found.targets.append(replace(target, deadline=years[index]) if years else target)
        return None

    def _bare_op(self, ahead: Predicate, kind: Kind) -> Op:
        if ahead.basic:
            return Op.ABOUT
        return Op.LE if kind in (Kind.CAP_TOTAL, Kind.CAP_INCREMENT) and ahead.verb == "held_at" else Op.EQ

    def _made(self, run: Run, verb: str, thing: str, ahead: Predicate, years: list[str]) -> None:
        """建成市级绿色园区2个: things made, counted behind their name."""
        op = BOUND_OPS.get(run.bound) or ahead.op or Op.EQ
        things = (None if years else naming.parts(thing, len(run.quantities), self.words.names)) or [thing] * len(
            run.quantities
        )
        for index, (name, quantity) in enumerate(zip(things, run.quantities, strict=True)):
            kind = predicates.kind_of("", name, quantity.unit, op, False)
            if predicates.COUNTED.match(quantity.unit):
                kind = Kind.COUNT
            elif re.search("削减|减少|压减|节约|淘汰|化解|退出|替代", verb):
                kind = Kind.REDUCTION_AMOUNT
            self._add(name + verb + ("数" if kind is Kind.COUNT else "量"), name, kind, op, quantity)
            if years:
                self.found.targets[-1] = replace(self.found.targets[-1], deadline=years[index])

    def _subjects(
        self, subject: str, ahead: Predicate, run: Run, over_years: bool
    ) -> tuple[list[str], list[str | None], tuple[Doubt, ...]]:
        """The indicator names that the numbers of a run belong to, with nested scopes, and what is doubtful about it."""
        names, state = self.words.names, self.state
        count = 1 if over_years else len(run.quantities)
        if not subject:
            kept = state.subjects if count in (1, len(state.subjects)) else state.subjects[:1]
            if count == 1 and len(kept) > 1 and not (ahead.each or ahead.respectively or ahead.verb):
                kept = kept[-1:]
            return list(kept), [None] * len(kept), ()
        if count > 1:
            found = naming.parts(subject, count, names)
            if found is None:
                if len(state.subjects) == count and not naming.is_measure(subject):
                    return list(state.subjects), [subject] * count, ()
                return [subject] * count, [None] * count, (_UNPAIRED,)
            return self._with_topic(found), [None] * count, ()
        found = naming.parts(subject, None, names)
        if found is None and ahead.each:
            pieces = re.split(r"[、和及]", subject)
            found = naming.parts(subject, len(pieces), names)
        if found:
            return self._with_topic(found), [None] * len(found), ()
        if subject in names.substances:
            return self._with_topic([subject]), [None], ()
        if (
            not naming.is_measure(subject)
            and state.subjects
            and len(subject) <= 14
            and _PLACE.search(subject)
            and run.quantities[-1].unit == state.unit
        ):
            return [state.subjects[-1]], [subject], ()
        if not naming.is_measure(subject) and state.topic:
            return [subject + state.topic], [None], ()
        if len(subject) > naming.LONGEST_NAME:
            return [subject[-naming.LONGEST_NAME :]], [None], (_LONG,)
        return [subject], [None], () if naming.is_measure(subject) or naming.known(subject, names) else (_NO_MEASURE,)

    def _with_topic(self, found: list[str]) -> list[str]:
        """A bare substance (氨氮) takes the measure that the sentence is about, or the total discharged."""
        topic = self.state.topic
        tail = "排放总量"
        if topic:
            tail = next(
                (
                    end
                    for end in ("重点工程减排量", "工程减排量", "减排量", "削减量", "排放量", "排放总量")
                    if topic.endswith(end)
                ),
                topic if len(topic) <= 12 else tail,
            )
        return [name + tail if name in self.words.names.substances else name for name in found]

    # words

    def _read_words(self) -> None:
        """A clause without numbers: a topic for what follows, a class or stage, a target in words, a duty."""
        text = self.paragraph.text[self.start : self.end]
        subject = naming.bare(predicates.predicate(times.without_times(text)).subject)
        if naming.is_measure(subject) and len(subject) <= 30:
            self.state.topic = naming.scope_of(subject)[1]
        zero = _ZERO.search(text)
        level = stage(self.paragraph.text, self.start, self.end)
        if zero:
            self._in_words(text[: zero.start()], Kind.CAP_INCREMENT, Op.LE, Decimal(0))
        elif level and _DONE.search(text):
            self._stage(text, level)
        elif _WHOLE.search(text) and _DONE.search(text):
            basic = Op.ABOUT if "基本" in text else Op.EQ
            self._in_words(_WHOLE.sub("", text), Kind.COMPLETION, basic, Decimal(100))
        self._duty(text)

    def _in_words(self, subject: str, kind: Kind, op: Op, value: Decimal) -> None:
        name = naming.bare(times.without_times(subject))[: naming.LONGEST_NAME - 3]
        if len(name) < 4:
            return
        at = Quantity(value, "%", self.start, self.end, self.end, "")
        for one in naming.parts(name, None, self.words.names) or [name]:
            ending = "增长率" if kind is Kind.CAP_INCREMENT else "完成率"
            target = self._target(one + ending, one, kind, op, at, "%", None, "", (_IN_WORDS,))
            self.found.targets.append(replace(target, in_words=True))

    def _stage(self, text: str, level: re.Match[str]) -> None:
        printed = level["roman"] or level["fuel"] or level["phase"] or "1"
        ascii_roman = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6}
        value = ascii_roman.get(printed) or ("ⅠⅡⅢⅣⅤⅥ".find(printed) + 1) or value_of(printed)
        unit = "类" if level["roman"] else f"级{level['grade']}" if level["grade"] else "阶段"
        subject = naming.bare(predicates.predicate(times.without_times(text[: level.start() - self.start])).subject)
        name = (subject or text)[-naming.LONGEST_NAME :]
        at = Quantity(Decimal(value), unit, level.start(), level.end(), level.end(), "")
        op = Op.LE if unit == "类" else Op.EQ
        target = self._target(name, name, Kind.STAGE, op, at, unit, None, "", ())
        self.found.targets.append(replace(target, in_words=True))

    def _duty(self, text: str) -> None:
        again = times.recurrence(text)
        extent = _EXTENT.search(text)
        if len(text) < 6 or not (
            again or extent or (self.state.dated_sentence and len(times.without_times(text)) >= 6)
        ):
            return
        self.found.duties.append(
            Duty(
                self.item_no,
                times.without_times(text)[:60],
                extent[0] if extent else None,
                self.state.deadline if self.state.dated_sentence else None,
                again,
                self._strength(),
                self.paragraph.span(self.start, self.end),
            )
        )

    # building

    def _strength(self) -> Strength:
        return self.state.strength

    def _add(self, indicator: str, printed: str, kind: Kind, op: Op, quantity: Quantity) -> None:
        self.found.targets.append(self._target(indicator, printed, kind, op, quantity, quantity.unit, None, "", ()))

    def _target(
        self,
        name: str,
        printed: str,
        kind: Kind,
        op: Op,
        quantity: Quantity,
        unit: str,
        scope: str | None,
        verb: str,
        doubts: tuple[Doubt, ...],
    ) -> Target:
        state, horizon = self.state, self.words.horizon
        inherited = set()
        base = state.base_year
        if base is None and kind in (Kind.REDUCTION_RATE, Kind.CAP_INCREMENT):
            base = horizon.base_year
            inherited.add("base_year")
        elif base and not times.base_year(self.paragraph.text, self.start, self.end, self.words.plan_starts):
            inherited.add("base_year")
        deadline = state.deadline
        if deadline is None and horizon.end_year:
            deadline = str(horizon.end_year)
        if not times.deadlines(self.paragraph.text, self.start, self.end):
            inherited.add("deadline")
        official = naming.canonical(name, self.words.names)
        scope = scope or naming.class_dropped(name, official)
        denominator = re.search(r"占(.{2,20}?)(?:的)?(?:比重|比例|份额)", official)
        return Target(
            item_no=self.item_no,
            indicator=predicates.named(official, kind, verb),
            indicator_printed=printed,
            kind=kind,
            op=op,
            value=quantity.value,
            unit=unit,
            base_year=base if kind in _BASED or state.base_values else None,
            deadline=deadline,
            scope=scope,
            denominator=denominator[1] if denominator else None,
            strength=self._strength(),
            nature=None,
            span=self.paragraph.span(self.start, self.end),
            value_span=self.paragraph.span(quantity.start, quantity.number_end),
            inherited=frozenset(inherited),
            doubts=doubts,
        )


_UNPAIRED = Doubt(
    "unpaired",
    0.5,
    Message(
        "数值个数与并列对象个数对不上，请核对各数值属于哪个指标。",
        "The numbers and the objects listed do not pair; say which belongs to which.",
    ),
)
_LONG = Doubt(
    "long_name",
    0.3,
    Message(
        "指标名称过长，可能含有叙述文字，请核对。",
        "The indicator's name is long and may hold other words; please check.",
    ),
)
_NO_MEASURE = Doubt(
    "no_measure",
    0.3,
    Message(
        "名称中没有计量词（率、量、比重等），请核对所指指标。",
        "The name holds no measure word; please check which indicator is meant.",
    ),
)
_IN_WORDS = Doubt(
    "in_words",
    0.2,
    Message(
        "目标以文字表述，数值为换算所得，请确认。",
        "The target is printed in words; the value is a rendering: please confirm.",
    ),
)
