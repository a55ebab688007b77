"""A bullet chart as geometry: the share of the promise that is done, against the share that is due."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from shuangkong.web.targets.course import Course

#: User units of the drawing: 300 wide, of which the promise itself takes what lies between zero and one.
WIDTH = Decimal(300)


@dataclass(frozen=True, slots=True)
class Bullet:
    """Places in user units from the left edge; None where there is nothing to draw."""

    zero: int
    whole: int
    left: int
    length: int
    due: int | None
    has_bar: bool

    @property
    def breadth(self) -> int:
        """Of the ground: from nothing to the whole promise."""
        return self.whole - self.zero


def bullet(course: Course) -> Bullet:
    """The drawing of the latest point; a step backwards goes left of zero."""
    point = course.latest
    done = point.share_done if point else None
    due = point.share_due if point else None
    low = min(Decimal("-0.08"), max(done, Decimal("-0.6"))) if done is not None else Decimal("-0.08")
    high = max(Decimal("1.08"), min(done, Decimal("1.6"))) if done is not None else Decimal("1.08")

    def place(share: Decimal) -> int:
        return round((min(max(share, low), high) - low) / (high - low) * WIDTH)

    zero, whole = place(Decimal(0)), place(Decimal(1))
    end = zero if done is None else place(done)
    return Bullet(
        zero=zero,
        whole=whole,
        left=min(zero, end),
        length=max(abs(end - zero), 2),
        due=None if due is None else place(due),
        has_bar=done is not None,
    )
