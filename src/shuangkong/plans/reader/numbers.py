"""数值分句: the numbers of one clause read into targets and thresholds."""

from __future__ import annotations

import re
from dataclasses import replace

from shuangkong.plans.reader import baselines, carried, classes, naming, predicates, steps, times
from shuangkong.plans.reader.building import UNPAIRED, Place
from shuangkong.plans.reader.context import Commitments
from shuangkong.plans.reader.predicates import Predicate
from shuangkong.plans.reader.quantities import BOUND_OPS, Run, whole_unit
from shuangkong.plans.reader.subjects import subjects, with_topic
from shuangkong.plans.reading import Kind, Op

#: A不低于B的10%: the share of a part in its whole.
_OF_WHOLE = re.compile(
    r"(?<=.{2})(?P<relation>不低于|不少于|不高于|不超过|超过|达到|占)(?P<whole>(?!全[国省市区县])[^，、年]{2,14})的(?P<rest>约?)$"
)
#: Verbs that lead others to do something; the name is what they do.
_LEADING_OTHERS = frozenset({"推动", "引导", "支持", "扶持"})
#: Verbs that stay before their object in the name (节约用地量, 惠及居民数).
_VERB_FIRST = frozenset({"节约", "惠及"})
_PREDICATE_TAIL = re.compile(r"^(?:的)?.{0,4}(?:目标|任务|要求|水平)(?:$|[^\u4e00-\u9fff])|^(?:以上|以下|；|$)")
_AMBITION = re.compile(r"力争|争取")
#: Verbs that, before a thing whose share is told, say which of them: 新建公共建筑.
_NEW = re.compile(r"(?:新建|改建|扩建|新增|新购|更新|更换|购置)+")
#: Verbs at which the thing done to a share begins (90%以上行政村的生活垃圾 得到处理).
_VERB_IN = re.compile(
    r"实施|完成|达到|建成|配套|执行|实现|得到|开展|纳入|安装|使用|采用|建立|通过|符合|进行|具备|获得|参与|落实|完善|治理|淘汰|应用"
    r"|配备|改造|推行|接入|设置|满足|创建|取得|覆盖|普及|推广|回收|处理|利用"
)
#: No plan lists more values for one predicate; what is longer is data, and is said to be unread.
LONGEST_LIST = 60
_THINGS = re.compile(r"^(?:家|户|台|辆|座|艘)$")
_CLASS_AHEAD = re.compile(r"^.{0,3}(?:国家|省|市|区|县|部|镇|自治区)级")
_CLASS = re.compile(r".{1,4}级")
#: What is done already is no promise, whatever date stands with it.
_ALREADY = re.compile(r"已(?:经)?(?:累计|全部|基本)?(?:完成|达到|实现|建成|淘汰|改造|关停)$|累计已")
_FROM = re.compile(r"(?:由|从)(?:\d{4}年)?(?:末|底)?的?约?$")
_FROM_YEAR = re.compile(r"(?:由|从|比|较|与|在)(\d{4})年(?:末|底)?的?约?$")
_CHANGE = re.compile(r"(?<!年均)(?:下降|降低|削减|减少|增长)(?:率|量)$")
#: Totals of which less is better: such a number is a cap although nothing printed says so.
_TOTAL = re.compile(r"(?:排放总?量|能源消费总量|煤炭消费总量|用水总量)$")
_LESSENS = re.compile(r"(?:每年|年均?)?(?:可|将)?(?:减少|削减|减排)(?P<thing>.{2,})$")


class NumberClause:
    """Reads the runs of numbers of one clause, in printed order."""

    def __init__(self, place: Place, runs: list[Run], period: list[str], found: Commitments) -> None:
        self.place, self.runs, self.period, self.found = place, runs, period, found
        self.text, self.held, self.words = place.paragraph.text, place.inherited, place.words
        self.lessening = self.respectively = False
        self.is_standard = classes.names_standard(self.text[runs[-1].end : place.end])

    def read(self) -> None:
        left, verb = self.place.start, ""
        self.runs = carried.floors_apart(self.place, self.runs)
        for index, printed in enumerate(self.runs):
            run = printed.measured_in(self.held.unit)
            right = self.runs[index + 1].start if index + 1 < len(self.runs) else self.place.end
            before, after = self.text[left : run.start], self.text[run.end : right]
            self.respectively = "分别" in before
            carried.hold_date(self.place, self.runs, index, self.period)
            if run.quantities[-1].unit == "%":
                before = _OF_WHOLE.sub(r"占\g<whole>比例\g<relation>\g<rest>", before)
            ahead = predicates.predicate(before)
            verb = predicates.action(times.without_times(before))[0] or (verb if index and len(before) <= 20 else "")
            carried.hold_firmness(self.place, run, before, ahead.subject, is_first=index == 0)
            if len(run.quantities) > LONGEST_LIST:
                self.found.unread.append(self.place.paragraph.span(run.start, run.end))
                left = run.end
            elif ahead.base or (ahead.past and not self.period) or _ALREADY.search(before):
                self._base_of(run, before, is_base=ahead.base)
                left = run.end
            elif year := baselines.year_of_level(before, self.words.horizon.base_year):
                self.held.past_year = year
                place = Place(self.place.paragraph, left, run.end, self.place.item_no, self.words, self.held)
                self.found.baselines += baselines.told(place, [run])
                left = run.end
            elif self.is_standard and run.quantities[-1].unit == self.runs[-1].quantities[-1].unit:
                self._threshold(run, naming.bare(ahead.subject) or after, ahead.op)
                left = run.end
            elif classes.is_alternative(self.text, run, self.runs[index + 1 :]):
                self._threshold(run, naming.bare(ahead.subject))
                left = run.end
            elif (
                verb
                and printed is not self.runs[-1]
                and not after
                and predicates.COUNTED.match(run.quantities[-1].unit)
            ):
                # 改造65台10蒸吨以上锅炉: things counted, then classified by their size.
                noun = re.split(r"[、，；]", self.text[run.end : self.place.end])[0][:30]
                self._made(run, verb, [noun] * len(run.quantities), ahead.op)
                self.held.made, self.held.made_thing = verb, noun
                left = run.end
            elif self._is_attributive(ahead, run, after, before):
                left = self._attributive(run, before, after, self.runs[index + 1 :], right, verb)
            else:
                self._predicative(run, ahead, verb if index else "")
                left = run.end

    def _years(self, run: Run) -> list[str]:
        """The deadlines of a run that counts through years (2023年、2024年、2025年分别…); empty for any other."""
        count = len(run.quantities)
        for years in (self.period, self.held.years if self.respectively else []):
            if len(years) == count > 1:
                return years
        return []

    def _base_of(self, run: Run, before: str, *, is_base: bool) -> None:
        """由2005年的1.53吨标准煤: base values printed beside the target; their subject is the target's."""
        if not is_base:
            return
        self.held.base_values = tuple(quantity.value for quantity in run.quantities)
        printed = _FROM_YEAR.search(before)
        year = int(printed[1]) if printed else None
        self.held.base_year = year or self.held.base_year
        subject = naming.bare(times.without_times(_FROM.sub("", before)))
        subject = re.sub(r"（[A-Za-z0-9.]+）$", "", naming.scope_of(subject)[1])
        names = self.words.names
        if naming.is_measure(subject) or naming.known(subject, names):
            self.held.subjects = with_topic(
                naming.parts(subject, len(run.quantities), names) or [subject], self.held, names
            )
        self.found.baselines += baselines.of_run(self.place, run, self.held.subjects, year)

    # a number before its noun

    def _is_attributive(self, ahead: Predicate, run: Run, after: str, before: str) -> bool:
        """Whether the number qualifies what follows (90%以上行政村) instead of closing its own clause."""
        if not after or after[0] in "、和及与或，）且并" or _PREDICATE_TAIL.match(after):
            return False
        unit = run.quantities[-1].unit
        made = bool(predicates.action(before)[0])
        if classes.picks_out(before, after):
            return True
        if ahead.op and not ahead.verb and not made and unit != "%":
            return False
        if ahead.verb in ("down_by", "up_by", "down_to", "up_to", "held_at"):
            return made and bool(run.bound or predicates.COUNTED.match(unit))
        return not (ahead.verb == "is" and unit == "%" and naming.is_measure(naming.bare(ahead.subject)))

    def _attributive(self, run: Run, before: str, after: str, later: list[Run], right: int, verb: str) -> int:
        """Reads a number that stands before its noun; returns where the next number's own words begin."""
        last = run.quantities[-1]
        phrase, end = after.removeprefix("的"), right
        cut = max(phrase.rfind(mark) for mark in "、和及与") if later else -1
        if cut > 0:
            end = run.end + (len(after) - len(phrase)) + cut
            phrase = phrase[:cut]
        op = BOUND_OPS.get(run.bound) or predicates.bound_ahead(before)
        if classes.picks_out(before, after):
            self._threshold(run, phrase, {Op.GE: Op.GT, Op.LE: Op.LT}.get(op or Op.EQ))
            return run.end
        if last.unit == "%":
            self._share_of(run, before, phrase, later, right, op)
        elif verb and (predicates.COUNTED.match(last.unit) or not run.bound or classes.is_amount(last, phrase)):
            noun = self._counted_noun(phrase, later)
            self._made(run, verb, [noun] * len(run.quantities), op)
            self.held.made, self.held.made_thing, self.held.subjects = verb, noun, []
        elif run.bound:
            self._threshold(run, phrase or naming.bare(before))
            return run.end
        elif not later and _THINGS.match(last.unit) and _VERB_IN.search(phrase):
            # 对…的36家企业开展诊断: the things that something is done to.
            done = _VERB_IN.search(phrase)
            self._made(run, phrase[done.start() :][:8] if done else "", [phrase[: done.start() if done else 20]], op)
        else:
            if last.unit:
                self.found.unread.append(self.place.paragraph.span(run.start, run.end))
            return run.end
        return end

    def _share_of(self, run: Run, before: str, phrase: str, later: list[Run], right: int, op: Op | None) -> None:
        """90%以上行政村的生活垃圾得到处理: the share of a thing that something is done to."""
        subject = naming.bare(times.without_times(before))
        if before.endswith(("和", "、", "及", "与")) or len(subject) > 20:
            subject = ""
        if later and not _VERB_IN.search(phrase):
            done = _VERB_IN.search(self.text, later[-1].end, self.place.end)
            phrase += self.text[done.start() : self.place.end] if done else ""
        name = (subject + phrase)[: naming.LONGEST_NAME - 4]
        for quantity in run.quantities:
            kind = Kind.COMPLETION if quantity.value == 100 else Kind.SHARE
            self.found.targets.append(self.place.target(name + "比例", name, kind, op or Op.EQ, quantity))

    def _counted_noun(self, phrase: str, later: list[Run]) -> str:
        """The noun counted; a bare class (国家级) takes the noun of the last member (省级 + 示范单位)."""
        noun = re.split(r"[、，；]", phrase)[0][:30]
        if later and _CLASS.fullmatch(noun):
            return noun + _CLASS_AHEAD.sub("", self.text[later[-1].end : self.place.end])[:30]
        return noun

    def _threshold(self, run: Run, subject: str, relation: Op | None = None) -> None:
        self.found.thresholds += classes.thresholds(self.place, run, subject, relation)

    # a number behind its subject

    def _predicative(self, run: Run, ahead: Predicate, made: str) -> None:
        scope, subject = naming.scope_of(naming.bare(times.without_times(ahead.subject)))
        again, rest = predicates.action(subject.removeprefix("再"))
        unit = run.quantities[-1].unit
        if again and not rest and self.held.made_thing and predicates.COUNTED.match(unit):
            # 再改造40台: more of the things before; of what is counted otherwise, the verb alone is told.
            made, thing = (again, self.held.made_thing) if unit == self.held.unit else ("完成", again)
            self._made(run, made, [thing] * len(run.quantities), ahead.op)
            return
        verb, thing = predicates.leading_action(naming.bare(subject))
        lessened = _LESSENS.match(subject) if ahead.verb in ("", "is") else None
        if lessened or (self.lessening and subject and not ahead.verb):
            # 减少化学需氧量1200吨、氨氮150吨: the verb stands before its objects.
            self.lessening = True
            thing = lessened["thing"] if lessened else subject
            self._stated(run, replace(ahead, verb="down_by"), naming.bare(thing), scope)
            return
        if not verb and not ahead.verb and subject:
            verb, thing = made or self.held.made, subject
        if verb and thing and not naming.is_measure(thing):
            self._made_of(run, verb, naming.bare(thing), BOUND_OPS.get(run.bound) or ahead.op)
            return
        # 新增能耗 and 新建建筑…率 are indicators of their own, 建成管网长度 is the length that is built.
        is_part = verb == "新增" or (unit == "%" and _NEW.fullmatch(verb))
        told = thing if verb and thing and not is_part else subject
        self._stated(run, ahead, naming.bare(told), scope)

    def _stated(self, run: Run, ahead: Predicate, subject: str, scope: str | None) -> None:
        """An indicator and what it is to be (or to fall by)."""
        held = self.held
        if (
            not subject
            and ahead.verb in ("is", "up_to", "")
            and _AMBITION.search(self.text, self.place.start, run.start)
        ):
            # 下降15%，力争达到16%: the stretch value of the same change.
            ahead = replace(ahead, verb=held.verb or ahead.verb)
        if subject:
            held.base_values = ()
        years = self._years(run)
        unit = run.quantities[-1].unit
        told = subjects(subject, ahead, 1 if years else len(run.quantities), unit, held, self.words.names)
        if not told.names and held.made_thing and unit == held.unit and predicates.COUNTED.match(unit):
            self._made(run, held.made, [held.made_thing] * len(run.quantities), ahead.op)
            return
        if self.text[run.start - 1] == "/":
            # 800万千瓦/1600万千瓦时: a second measure of the same thing.
            told = replace(told, doubts=(*told.doubts, UNPAIRED))
        if not told.names:
            self.found.unread.append(self.place.paragraph.span(run.start, run.end))
            return
        held.subjects, held.unit, held.verb = told.names, unit, ahead.verb
        count = len(run.quantities)
        values = run.quantities if count > 1 else run.quantities * len(told.names)
        names, scopes = (told.names * count, told.scopes * count) if years else (told.names, told.scopes)
        bounds = run.bounds() if count > 1 else run.bounds() * len(values)
        made = []
        for index, (name, quantity, bound) in enumerate(zip(names, values, bounds, strict=False)):
            own_unit = whole_unit(name, quantity.unit or unit, self.words.units)
            op = BOUND_OPS.get(bound) or ahead.op
            full = quantity.value == 100 and own_unit == "%"
            kind = predicates.kind_of(ahead.verb, name, own_unit, op, full)
            if kind is Kind.LEVEL_FLOOR and op is None and _TOTAL.search(name):
                kind = Kind.CAP_TOTAL
            grows = kind is Kind.COUNT and ahead.verb == "up_by" and bool(_TOTAL.search(name))
            if grows:
                # 总量增加15万吨: an increment of what is to stay small.
                kind = Kind.CAP_INCREMENT
            target = self.place.target(
                re.sub(r"总?量$", "增量", name) if grows else name,
                name,
                kind,
                op or _bare_op(ahead, kind),
                quantity,
                unit=own_unit,
                scope=scopes[index] or scope,
                verb=ahead.verb,
                doubts=told.doubts,
            )
            if ahead.yearly:
                yearly = _CHANGE.sub(r"年均\g<0>", target.indicator)
                target = replace(target, indicator=yearly, base_year=held.base_year)
            if len(held.base_values) == len(names):
                target = replace(target, base_value=held.base_values[index])
            made.append(replace(target, deadline=years[index]) if years else target)
        self.found.targets += steps.of_one_year(made) if years else made

    def _made_of(self, run: Run, verb: str, thing: str, op: Op | None) -> None:
        """建成市级绿色园区2个、省级3个: things made, counted behind their name."""
        held = self.held
        if _CLASS.fullmatch(thing) and held.made_thing:
            thing += _CLASS_AHEAD.sub("", held.made_thing)
        count = len(run.quantities)
        names = (None if self._years(run) else naming.parts(thing, count, self.words.names)) or [thing] * count
        held.made, held.made_thing = verb, thing
        self._made(run, verb, names, op)

    def _made(self, run: Run, verb: str, names: list[str], op: Op | None) -> None:
        years, self.held.unit = self._years(run), run.quantities[-1].unit
        for index, (name, quantity) in enumerate(zip(names, run.quantities, strict=True)):
            kind = predicates.kind_made(verb, name, quantity.unit, op)
            measure = "数" if kind is Kind.COUNT else "量"
            named = verb + name if verb in _VERB_FIRST else name + ("" if verb in _LEADING_OTHERS else verb)
            target = self.place.target(named + measure, name, kind, op or Op.EQ, quantity)
            self.found.targets.append(replace(target, deadline=years[index]) if years else target)


def _bare_op(ahead: Predicate, kind: Kind) -> Op:
    """The relation where no bound is printed: 基本 is about, a cap held without 以内 is still a cap."""
    if ahead.basic:
        return Op.ABOUT
    return Op.LE if kind in (Kind.CAP_TOTAL, Kind.CAP_INCREMENT) and ahead.verb == "held_at" else Op.EQ
