"""预测的门槛: how much must be told before anything is forecast, and how it is tried and stated."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What policy lays down.

    Attributes:
        least_points: figures of one base without which nothing is forecast.
        most_points: only the latest are used.
        least_training: figures before the first origin from which a method is tried.
        least_origins: origins without which nothing is forecast.
        most_origins: origins of the trial, spread over the latest stretch.
        most_gaps: largest share of figures missing inside a series, 0..1.
        most_silence: largest number of periods untold at the end.
        members: methods whose mean is the forecast: the best of the trial; fewer than are tried.
        levels: of the intervals, 0..1, rising.
    """

    least_points: int
    most_points: int
    least_training: int
    least_origins: int
    most_origins: int
    most_gaps: float
    most_silence: int
    members: int
    levels: tuple[float, ...]
