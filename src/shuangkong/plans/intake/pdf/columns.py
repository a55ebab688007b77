"""Columns without rules: lines whose gaps stand one under another are rows, their gaps tabs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from shuangkong.plans.intake.pdf.glyphs import Glyph
from shuangkong.plans.intake.pdf.lines import VisualLine, spaced


def with_columns(lines: Sequence[VisualLine]) -> list[VisualLine]:
    """The lines of a page; a line whose wide gap stands alone gets spaces for it (附  件)."""
    found: list[VisualLine] = []
    for is_columnar, group in groupby(lines, key=lambda line: line.is_columnar):
        run = list(group)
        if not is_columnar:
            found += run
        elif len(run) == 1:
            found.append(replace(run[0], text=run[0].text.replace("\t", "  ")))
        else:
            places = sorted({place for line in run for place in _places(line)})
            found += (replace(line, text=spaced(line.glyphs, line.em, places)) for line in run)
    return found


def _places(line: VisualLine) -> list[float]:
    """Where the columns of a line begin, the first apart."""
    pairs: list[tuple[Glyph, Glyph]] = list(pairwise(line.glyphs))
    return [right.left for left, right in pairs if "\t" in spaced((left, right), line.em)]
