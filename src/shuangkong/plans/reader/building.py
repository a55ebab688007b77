"""一条目标: a target put together from what its clause prints and what it inherits; why one may be doubtful."""

from __future__ import annotations

import re
from functools import cached_property

from shuangkong.core.finding import Message
from shuangkong.plans.reader import firmness, naming, predicates, times
from shuangkong.plans.reader.context import Inherited, Words
from shuangkong.plans.reader.flow import Paragraph
from shuangkong.plans.reader.quantities import Quantity
from shuangkong.plans.reading import Doubt, Kind, Op, Target

#: Kinds that are measured from a base year.
_BASED = frozenset({Kind.REDUCTION_RATE, Kind.POINT_GAIN, Kind.GROWTH, Kind.REDUCTION_AMOUNT, Kind.CAP_INCREMENT})
#: Kinds whose base year is the plan's where none is printed.
_FROM_PLAN_BASE = frozenset({Kind.REDUCTION_RATE, Kind.CAP_INCREMENT})
#: What holds from a day on has no later day by which it is due.
_HOLDING = frozenset({Kind.STAGE, Kind.COMPLETION})

UNPAIRED = Doubt(
    "unpaired",
    0.5,
    Message(
        "数值个数与并列对象个数对不上，请核对各数值属于哪个指标。",
        "The numbers and the objects listed do not pair; say which belongs to which.",
    ),
)
LONG_NAME = Doubt(
    "long_name",
    0.3,
    Message(
        "指标名称过长，可能含有叙述文字，请核对。",
        "The indicator's name is long and may hold other words; please check.",
    ),
)
NO_MEASURE = Doubt(
    "no_measure",
    0.3,
    Message(
        "名称中没有计量词（率、量、比重等），请核对所指指标。",
        "The name holds no measure word; please check which indicator is meant.",
    ),
)
NEGATIVE = Doubt(
    "negative_change",
    0.4,
    Message(
        "下降的数值印有负号，按下降读取，请确认是降是升。",
        "A fall is printed with a minus; read as a fall: please confirm that it is no rise.",
    ),
)
IN_WORDS = Doubt(
    "in_words",
    0.2,
    Message(
        "目标以文字表述，数值为换算所得，请确认。",
        "The target is printed in words; the value is a rendering: please confirm.",
    ),
)


class Place:
    """A clause in its paragraph and item: what targets built from it have in common."""

    def __init__(
        self, paragraph: Paragraph, start: int, end: int, item_no: str, words: Words, inherited: Inherited
    ) -> None:
        self.paragraph, self.start, self.end = paragraph, start, end
        self.item_no, self.words, self.inherited = item_no, words, inherited

    @cached_property
    def printed_base(self) -> int | None:
        """The base year that the clause prints."""
        return times.base_year(self.paragraph.text, self.start, self.end, self.words.plan_starts)

    @cached_property
    def is_dated(self) -> bool:
        """Whether the clause prints a deadline."""
        return bool(times.deadlines(self.paragraph.text, self.start, self.end))

    def target(
        self,
        name: str,
        printed: str,
        kind: Kind,
        op: Op,
        quantity: Quantity,
        *,
        unit: str | None = None,
        scope: str | None = None,
        verb: str = "",
        doubts: tuple[Doubt, ...] = (),
    ) -> Target:
        """One target under ``name``; deadline and base year are those in force here, marked where inherited."""
        held, horizon = self.inherited, self.words.horizon
        text = self.paragraph.text
        official = naming.canonical(name, self.words.names)
        denominator = re.search(r"占(.{2,20}?)(?:的)?(?:比重|比例|份额)", official)
        base = held.base_year or (horizon.base_year if kind in _FROM_PLAN_BASE else None)
        compared = (
            kind in _BASED or bool(held.base_values) or (bool(self.printed_base) and verb in ("up_by", "down_by"))
        )
        deadline = held.deadline or (str(horizon.end_year) if horizon.end_year else None)
        if held.starts and not self.is_dated and kind in _HOLDING:
            deadline = None
        falls = kind in (Kind.REDUCTION_RATE, Kind.REDUCTION_AMOUNT) and quantity.value < 0
        inherited = {word for word, told in (("base_year", self.printed_base), ("deadline", self.is_dated)) if not told}
        return Target(
            item_no=self.item_no,
            indicator=predicates.named(official, kind, verb),
            indicator_printed=printed,
            kind=kind,
            op=op,
            value=abs(quantity.value) if falls else quantity.value,
            unit=quantity.unit if unit is None else unit,
            base_year=base if compared else None,
            deadline=deadline,
            scope=scope or naming.class_dropped(name, official),
            denominator=denominator[1] if denominator else None,
            strength=held.strength,
            nature=firmness.nature_behind(text, quantity.end) or held.nature,
            span=self.paragraph.span(self.start, self.end),
            value_span=self.paragraph.span(quantity.start, quantity.number_end),
            inherited=frozenset(inherited),
            doubts=(*doubts, *([NEGATIVE] if falls else []), *([IN_WORDS] if quantity.in_words else [])),
            starts=held.starts,
        )
