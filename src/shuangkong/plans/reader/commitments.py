"""承诺: the text of an item read into targets, thresholds and duties, clause by clause."""

from __future__ import annotations

import re

from shuangkong.plans.reader import baselines, firmness, times, wording
from shuangkong.plans.reader.building import Place
from shuangkong.plans.reader.clauses import clauses, enclosed, sentences
from shuangkong.plans.reader.context import Commitments, Inherited, Words
from shuangkong.plans.reader.flow import Paragraph
from shuangkong.plans.reader.numbers import NumberClause
from shuangkong.plans.reader.quantities import Quantity, quantities, runs
from shuangkong.plans.reading import Strength

_THIS_YEAR = re.compile(r"今年|本年度|(?<![一二两三四五六七八九十\d])年内")
#: （其中高耗水行业下降30%）: a clause of its own inside another.
_WITHIN = re.compile(r"（(?:其中|含)([^（）]*\d[^（）]*)）")
#: （2020年排放量为1000吨）: the level of a year behind its target.
_YEAR_WITHIN = re.compile(r"（((?P<year>\d{4})年[^（）]*\d[^（）]*)）")


def read_commitments(pieces: list[tuple[Paragraph, int, int]], item_no: str, words: Words) -> Commitments:
    """Reads the text pieces (paragraph, start, end) of one item, its heading and responsibility bracket left out."""
    found, held = Commitments(), Inherited()
    for paragraph, start, end in pieces:
        for left, right in sentences(paragraph.text, start, end):
            if left != start or paragraph.text[left] not in "，、":
                held.new_sentence(words.horizon.end_year)
            for first, last in clauses(paragraph.text, left, right):
                _read(Place(paragraph, first, last, item_no, words, held), found)
                for match in _WITHIN.finditer(paragraph.text, first, last):
                    _read(Place(paragraph, match.start(1), match.end(1), item_no, words, held), found)
                for match in _YEAR_WITHIN.finditer(paragraph.text, first, last):
                    if words.horizon.base_year and int(match["year"]) <= words.horizon.base_year:
                        within = Place(paragraph, *match.span(1), item_no, words, held)
                        found.baselines += baselines.told(within, runs(paragraph.text, _counted(within)))
    return found


def _read(place: Place, found: Commitments) -> None:
    text, held = place.paragraph.text, place.inherited
    period, past = _period(place)
    held.past = past or (held.past and not period)
    if past:
        held.past_year = _year_told(place)
    starts = times.start_of(text, place.start, place.end)
    if starts:
        held.starts, held.dated_sentence = starts, True
    if period:
        held.deadline, held.dated_sentence, held.starts = period[-1], True, starts
        held.years = period if len(period) > 1 else []
    held.base_year = times.base_year(text, place.start, place.end, place.words.plan_starts) or held.base_year
    clause = text[place.start : place.end]
    if firmness.leads(clause):
        held.led = Strength.AMBITION
    counted = _counted(place)
    if counted and held.past:
        found.baselines += baselines.told(place, runs(text, counted))
        return
    if counted:
        _count(place, counted, period, found)
        return
    held.strength = firmness.said(clause) or held.led
    held.led_nature = firmness.nature_announced(clause) or held.led_nature
    held.nature = firmness.nature_ahead(clause) or held.led_nature
    held.topic = wording.topic(clause) or held.topic
    held.among = wording.among(clause)
    held.subjects = wording.peaking(clause) or held.subjects
    found.targets += wording.targets_in_words(place)
    duty = wording.duty(place)
    if duty:
        found.duties.append(duty)


def _counted(place: Place) -> list[Quantity]:
    """The numbers of a clause that stand in no bracket."""
    text = place.paragraph.text
    found = quantities(text, place.start, place.end, place.words.units)
    return [quantity for quantity in found if not enclosed(text, place.start, quantity.start)]


def _count(place: Place, counted: list[Quantity], period: list[str], found: Commitments) -> None:
    """Reads a clause with numbers; one that only classifies by them may still be a duty."""
    read = Commitments()
    NumberClause(place, runs(place.paragraph.text, counted), period, read).read()
    if read.thresholds and not read.targets and not read.unread:
        read.duties += wording.classified_duties(place, period, read.thresholds)
    found.add(read)


def _year_told(place: Place) -> int | None:
    """The year whose results a clause tells."""
    dates = times.deadlines(place.paragraph.text, place.start, place.end)
    return int(dates[0].text[:4]) if dates else None


def _period(place: Place) -> tuple[list[str], bool]:
    """The deadlines printed in a clause, and whether the clause only tells of years up to the plan's base.

    A deadline is a year ahead of the base, else the last year of the five-year plan that is named, else 今年.
    """
    text, words = place.paragraph.text, place.words
    base = words.horizon.base_year
    dates = times.deadlines(text, place.start, place.end)
    ahead = [date.text for date in dates if base is None or int(date.text[:4]) > base]
    if ahead:
        return ahead, False
    end_year = times.plan_period(text, place.start, place.end, words.plan_starts)
    if end_year and (base is None or end_year > base):
        return [str(end_year)], False
    if words.issued_year and _THIS_YEAR.search(text, place.start, place.end):
        return [str(words.issued_year)], False
    opens = bool(dates) and dates[0].start <= place.start + 1
    return [], opens or bool(end_year)
