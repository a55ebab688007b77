"""Counts as Word prints them: ECMA-376 part 1, 17.18.59 (ST_NumberFormat), the formats that Chinese offices use."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
_ROMAN_LOW = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def chinese(number: int, digits: str = "零一二三四五六七八九", units: tuple[str, ...] = ("", "十", "百", "千")) -> str:
    """1 to 9999 in words: 10 十, 11 十一, 20 二十, 105 一百零五."""
    if not 0 < number < 10_000:
        return str(number)
    words = ""
    for power in range(3, -1, -1):
        digit = number // 10**power % 10
        if digit:
            words += digits[digit] + units[power]
        elif words and number % 10**power and not words.endswith(digits[0]):
            words += digits[0]
    return words.removeprefix("一") if 10 <= number < 20 else words


def _one_of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if 0 < number <= len(signs) else str(number)


def _signs_from(first: str, count: int) -> Callable[[int], str]:
    return _one_of("".join(chr(ord(first) + step) for step in range(count)))


def _letters(number: int) -> str:
    """a … z, then aa, bb … as Word does."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number > 0 else str(number)


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    words = ""
    for value, sign in _ROMAN + _ROMAN_LOW:
        words += sign * (number // value)
        number %= value
    return words


def _digit_by_digit(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _full_width(number: int) -> str:
    return "".join(chr(ord("０") + int(digit)) for digit in str(number))


FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalHalfWidth": str,
    "decimalEnclosedCircle": _signs_from("①", 20),
    "decimalEnclosedCircleChinese": _signs_from("①", 20),
    "decimalEnclosedParen": _signs_from("⑴", 20),
    "decimalEnclosedFullstop": _signs_from("⒈", 20),
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "chineseLegalSimplified": lambda number: chinese(number, _LEGAL, ("", "拾", "佰", "仟")),
    "ideographDigital": _digit_by_digit,
    "japaneseDigitalTenThousand": _digit_by_digit,
    "taiwaneseDigital": _digit_by_digit,
    "ideographEnclosedCircle": _signs_from("㊀", 10),
    "ideographTraditional": _one_of(_STEMS),
    "ideographZodiac": _one_of(_BRANCHES),
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "none": lambda number: "",
}


def printed(number: int, number_format: str) -> str:
    """The count in that format; formats not in the table print as decimal, as Word does without their language."""
    return FORMATS.get(number_format, str)(number)
