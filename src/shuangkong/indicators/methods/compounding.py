"""强度的累计、进度和余下的力度: rates that compound year by year, and what a five-year promise asks of them.

Declines are in per cent, positive is good; changes are signed per cents, as bulletins publish them. Whatever leaves the
fractions (a logarithm, a root) is taken with 50 digits. The logarithmic form reproduces published progress figures to
the digit (docs/methods/compounding.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from shuangkong.core.finding import Message
from shuangkong.indicators.methods.given import PRECISE, Asked, Given, figure, lack_in, number, numbers, series
from shuangkong.policyfile.expression.given import Lack, Told
from shuangkong.policyfile.expression.row import Outcome

HUNDRED = 100
_DECLINE = "D = 1 - Π(1 + r)"
_PROGRESS = "P = ln(1 - D) / ln(1 - Dn)"
_PATH = "Dk = 1 - (1 - Dn)^(k / n)"
_REST = "a = 1 - ((1 - Dn) / (1 - Dk))^(1 / (n - k))"


def cumulative_decline(given: Mapping[str, Given], name: Message, unit: str) -> Outcome:
    """``D = 1 − Π(1 + r)`` over ``changes``, a series of yearly changes; exact."""
    changes = series(given, "changes")
    lack = lack_in(changes.values())
    if lack is not None:
        return Asked(name, _DECLINE, unit).lacking(lack)
    return Asked(name, _DECLINE, unit).result(_decimal(HUNDRED * (1 - _left(changes))), changes.items())


def logarithmic_progress(given: Mapping[str, Given], name: Message, unit: str) -> Outcome:
    """``P = ln(1 − D) / ln(1 − Dn)`` of ``decline`` and ``promised``, in per cent of the promise.

    A promise of nothing leaves no progress to measure; a decline of all leaves no logarithm.
    """
    told = {each: figure(given, each) for each in ("decline", "promised")}
    lack = lack_in(told.values())
    if lack is not None:
        return Asked(name, _PROGRESS, unit).lacking(lack)
    left, wanted = (1 - number(told[each]) / HUNDRED for each in told)
    if wanted == 1:
        return Asked(name, _PROGRESS, unit).lacking(Lack.UNDEFINED, "ln(1 - Dn)")
    if left <= 0 or wanted <= 0:
        return Asked(name, _PROGRESS, unit).lacking(Lack.NOT_APPLICABLE)
    share = PRECISE.multiply(share_done(left, wanted), Decimal(HUNDRED))
    return Asked(name, _PROGRESS, unit).result(share, told.items())


def annual_effort(given: Mapping[str, Given], name: Message, unit: str) -> Outcome:
    """``a = 1 − (1 − Dn)^(1/n)``: the equal yearly decline that fulfils ``promised`` in ``years``."""
    return _path(given, 1, name, unit, ())


def annual_path(given: Mapping[str, Given], name: Message, unit: str) -> Outcome:
    """``Dk = 1 − (1 − Dn)^(k/n)``: the decline due in the year computed.

    ``changes`` counts the years since the base year; what they were does not matter, nor whether they are known. In
    the last year the promise is due as printed.
    """
    return _path(given, len(series(given, "changes")), name, unit, ("changes",))


def remaining_effort(given: Mapping[str, Given], name: Message, unit: str) -> Outcome:
    """``a = 1 − ((1 − Dn)/(1 − Dk))^(1/(n − k))``: what each year left must bring after ``changes``.

    Negative: it may rise. When no year is left it does not apply.
    """
    changes, promised, years = series(given, "changes"), figure(given, "promised"), figure(given, "years")
    lack = lack_in((*changes.values(), promised, years))
    if lack is not None:
        return Asked(name, _REST, unit).lacking(lack)
    rest = number(years) - len(changes)
    left, wanted = _left(changes), 1 - number(promised) / HUNDRED
    if rest <= 0 or wanted <= 0 or left <= 0:
        return Asked(name, _REST, unit).lacking(Lack.NOT_APPLICABLE)
    shown = (*changes.items(), ("Dn", promised), ("n", years))
    return Asked(name, _REST, unit).result(_per_cent_off(wanted / left, 1 / rest), shown)


def _path(given: Mapping[str, Given], year: int, name: Message, unit: str, passed_over: Iterable[str]) -> Outcome:
    promised, years = figure(given, "promised"), figure(given, "years")
    lack = lack_in((promised, years))
    if lack is not None:
        return Asked(name, _PATH, unit).lacking(lack)
    wanted, whole = 1 - number(promised) / HUNDRED, number(years)
    if wanted <= 0 or not 0 < year <= whole:
        return Asked(name, _PATH, unit).lacking(Lack.NOT_APPLICABLE)
    share = year / whole
    value = _per_cent_off(wanted, share)
    shown = (("Dn", promised), ("n", years), ("k", Decimal(year)))
    return Asked(name, _PATH, unit).result(value, shown, passed_over)


def _left(changes: Mapping[str, Told]) -> Fraction:
    return left_after(change / HUNDRED for change in numbers(changes.values()))


def left_after(changes: Iterable[Fraction]) -> Fraction:
    """``Π(1 + r)``: what of the base year's intensity is left after changes, as signed ratios."""
    left = Fraction(1)
    for change in changes:
        left *= 1 + change
    return left


def share_done(left: Fraction, wanted: Fraction) -> Decimal:
    """``ln(left) / ln(wanted)``: how much of a promise is done; both above zero, ``wanted`` not 1; 50 digits."""
    return PRECISE.divide(PRECISE.ln(_decimal(left)), PRECISE.ln(_decimal(wanted)))


def decline_by(wanted: Fraction, share: Fraction) -> Decimal:
    """``1 − wanted^share``: the decline that is a share of the whole way to ``wanted``, above zero; 50 digits."""
    return PRECISE.subtract(Decimal(1), PRECISE.power(_decimal(wanted), _decimal(share)))


def _per_cent_off(base: Fraction, exponent: Fraction) -> Decimal:
    return PRECISE.multiply(decline_by(base, exponent), Decimal(HUNDRED))


def _decimal(value: Fraction) -> Decimal:
    return PRECISE.divide(Decimal(value.numerator), Decimal(value.denominator))
