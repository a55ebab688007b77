"""代码表: factors, commands, systems and flags of HJ 212 as the code lists of ``policy/`` give them.

The lists are handed in as rows (``codes``), because a document changes them; the three editions stand in one table,
since devices mix them on the wire. Which names stand for what in a data area is the grammar of the protocol and
stands here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.finding import Message

type Rows = Iterable[Mapping[str, str]]
"""Lines of one code list: column → cell."""


class Edition(StrEnum):
    """Generation of the standard that a frame follows; the value is its name in code lists and profiles."""

    V2005 = "v2005"
    V2017 = "v2017"
    V2025 = "v2025"

    @property
    def bits(self) -> int:
        """What it sets in Flag, ack and split apart: 0, 4 or 8."""
        return _BITS[self]


_BITS = {edition: 4 * at for at, edition in enumerate(Edition)}

#: Field of a data area → what it tells of its period, as readings are kept. ``value`` fields hold numbers.
STATS: Mapping[str, str] = {
    "Rtd": "rtd",
    "Avg": "avg",
    "Min": "min",
    "Max": "max",
    "Cou": "cou",
    "ZsRtd": "zs_rtd",
    "ZsAvg": "zs_avg",
    "ZsMin": "zs_min",
    "ZsMax": "zs_max",
    "RawAvg": "raw_avg",
    "Data": "data",
    "DayData": "day_data",
    "NightData": "night_data",
    "RS": "state",
    "RT": "hours",
    "ValidNum": "valid_count",
    "TotalNum": "total_count",
    "SampleRd": "sample_rd",
    "StandardValue": "standard_value",
    "Info": "info",
}
#: Fields that tell a concentration or a state, in the factor's own unit.
LEVELS = frozenset(
    ("Rtd", "Avg", "Min", "Max", "ZsRtd", "ZsAvg", "ZsMin", "ZsMax", "RawAvg", "Data", "DayData", "NightData")
)
#: Fields that hold words, times or marks.
TEXTS = frozenset(("SampleTime", "CompleteTime", "SampleType", "ResultType", "SN", "EFlag"))
#: Fields that belong to treatment devices and to the field machine, whose names are no factor codes.
OWN_NAMES = frozenset(("RS", "RT", "Info", "SN"))
FLAG = "Flag"


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor as a code names it.

    Attributes:
        code: its 2017 or 2025 code; of an old code without successor the old one.
        sent_code: the code that the device sends: ``code`` itself, or that of the 2005 edition.
        unit: unit of its levels under ``sent_code``; ``-`` without dimension, empty where the device must be asked.
        mass_unit: unit of its amounts (Cou) under ``sent_code``; empty where there is none, or the device must be
            asked.
        ceiling: the largest value of its default type (``N5.2``: 99999.99), which the 2025 edition sends for what
            cannot be converted; None where no type is given.
    """

    code: str
    sent_code: str
    zh: str
    en: str
    unit: str
    mass_unit: str
    ceiling: Decimal | None

    @property
    def is_old(self) -> bool:
        """Whether the code sent is one of the 2005 edition."""
        return self.code != self.sent_code

    def unit_of(self, field: str) -> str:
        """Unit of one of its fields (``Avg``, ``Cou``, …); empty where it has none or the device must be asked."""
        if field in LEVELS:
            return self.unit
        return self.mass_unit if field == "Cou" else ""


@dataclass(frozen=True, slots=True)
class Command:
    """One command code.

    Attributes:
        code: CN.
        word: its name in programs, such as ``hour_data``.
        editions: those that have it.
        from_host: ``request``, ``notify`` or ``answer`` when the upper computer sends it; empty when it does not.
        from_field: ``upload``, ``notify`` or ``answer`` when the field machine sends it; empty when it does not.
        period: ``rtd``, ``minute``, ``hour`` or ``day`` when it carries readings; else empty.
        asks: fields that the upper computer sends; ``?`` behind those that may be left out, ``*`` for a code.
        tells: fields that the field machine sends, codes apart.
    """

    code: str
    word: str
    zh: str
    en: str
    editions: tuple[Edition, ...]
    from_host: str
    from_field: str
    period: str
    asks: tuple[str, ...]
    tells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """How long an answer is waited for over one kind of link, and how often a request is sent again."""

    timeout_s: int
    resends: int


@dataclass(frozen=True, slots=True)
class Codes:
    """Every code list of the protocol; ``factors`` by the code that may be sent, old ones among them; ``words`` are the
    commands by name, ``media`` the medium (``water``, ``air`` or nothing) of a system, ``request_results`` what QnRtn
    says, ``execution_results`` what ExeRtn says.
    """

    factors: Mapping[str, Factor]
    commands: Mapping[str, Command]
    old_commands: Mapping[str, str]
    systems: Mapping[str, str]
    media: Mapping[str, str]
    flags: Mapping[str, str]
    words: Mapping[str, Command]
    request_results: Mapping[str, Message]
    execution_results: Mapping[str, Message]
    links: Mapping[str, Link]

    def command(self, word: str) -> Command:
        """The command of a name. Raises KeyError where the list has none."""
        return self.words[word]

    def cn(self, word: str) -> str:
        """Its code on the wire. Raises KeyError where the list has none."""
        return self.words[word].code

    def factor(self, sent_code: str, st: str = "") -> Factor | None:
        """What a code stands for that a device of system ``st`` sends; None where the tables do not have it.

        Codes of digits alone are the first edition's in water (011) or air (02) and a maker's own elsewhere: one that
        the table gives to water is not taken for it in what an air source sends, nor the other way round.
        """
        factor = self.factors.get(sent_code)
        if factor is not None and factor.is_old:
            medium = self.media.get(st, "")
            if medium and not factor.code.startswith(medium[0]):
                return None
        return factor

    def periods(self) -> Mapping[str, str]:
        """CN → ``rtd``, ``minute``, ``hour`` or ``day`` of the commands that carry readings."""
        return {command.code: command.period for command in self.commands.values() if command.period}


def code_book(
    *,
    factors: Rows,
    old_factors: Rows,
    commands: Rows,
    old_commands: Rows,
    systems: Rows,
    flags: Rows,
    request_results: Rows,
    execution_results: Rows,
    links: Rows,
) -> Codes:
    """Puts the code lists together."""
    by_code: dict[str, Factor] = {}
    for row in factors:
        by_code[row["code"]] = _factor(row, row["code"])
    for row in old_factors:
        by_code[row["code"]] = _factor(row, row["current"] or row["code"])
    known, known_systems = [_command(row) for row in commands], list(systems)
    return Codes(
        factors=by_code,
        commands={command.code: command for command in known},
        old_commands={row["code"]: row["name"] for row in old_commands},
        systems={row["code"]: row["name"] for row in known_systems},
        media={row["code"]: row["medium"] for row in known_systems},
        flags={row["code"]: row["name"] for row in flags},
        words={command.word: command for command in known},
        request_results=_said(request_results),
        execution_results=_said(execution_results),
        links={row["code"]: Link(int(row["timeout_s"]), int(row["resends"])) for row in links},
    )


def _said(rows: Rows) -> dict[str, Message]:
    return {row["code"]: Message(row["name"], row["english"]) for row in rows}


def _factor(row: Mapping[str, str], code: str) -> Factor:
    return Factor(
        code=code,
        sent_code=row["code"],
        zh=row["name"],
        en=row["english"],
        unit=row["value_unit"],
        mass_unit=row["mass_unit"],
        ceiling=_largest(row["type"]),
    )


def _largest(kind: str) -> Decimal | None:
    """``N5.2`` → 99999.99."""
    if not kind.startswith("N"):
        return None
    whole, _, part = kind[1:].partition(".")
    return Decimal("9" * int(whole) + "." + "9" * int(part or 0))


def _command(row: Mapping[str, str]) -> Command:
    return Command(
        code=row["code"],
        word=row["word"],
        zh=row["name"],
        en=row["english"],
        editions=tuple(Edition(word) for word in row["editions"].split()),
        from_host=row["from_host"],
        from_field=row["from_field"],
        period=row["period"],
        asks=tuple(row["asks"].split()),
        tells=tuple(row["tells"].split()),
    )
