"""算式: a result with the arithmetic that led to it, so that whoever is judged by it can follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.core.trace import Step


@dataclass(slots=True)
class Working:
    """Gathers steps; a result that lacks an input is None and its step says so by its own None."""

    steps: list[Step] = field(default_factory=list)

    def done(
        self,
        name: tuple[str, str],
        formula: str,
        inputs: dict[str, Decimal | None],
        value: Decimal | None,
        unit: str,
    ) -> Decimal | None:
        """Records one step and hands its value on."""
        told = tuple((symbol, figure) for symbol, figure in inputs.items() if figure is not None)
        self.steps.append(Step(Message(*name), formula, told, value, unit))
        return value
