"""Rows ⇄ values of facts. Signatures first; bodies follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from shuangkong.plans.lexicon import IndicatorName
from shuangkong.records.facts.rows import LoadReport, ObservationRow


def load_rows(
    file: bytes,
    name: str,
    source: str,
    by: str,
    indicators: Sequence[IndicatorName],
    *,
    is_dry_run: bool,
    is_demo: bool = False,
) -> LoadReport:
    """Reads a CSV or XLSX of actual values and, unless ``is_dry_run`` or a row is refused, records it whole in one transaction."""
    raise NotImplementedError


def template(indicators: Sequence[IndicatorName]) -> bytes:
    """The empty XLSX to fill in: headings, a sheet of allowed words."""
    raise NotImplementedError


def observations(
    indicators: Sequence[str], subjects: Sequence[tuple[str, str]], as_of: datetime | None = None
) -> tuple[ObservationRow, ...]:
    """Newest versions (as known at ``as_of``) for these indicators and (kind, code) subjects, by period. 1 query."""
    raise NotImplementedError


def versions(observation_id: int) -> tuple[ObservationRow, ...]:
    """All versions of one figure, oldest first."""
    raise NotImplementedError
