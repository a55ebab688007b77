"""What a run of the simulator counts, and how it is told."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

_KEPT = 100_000


@dataclass(slots=True)
class Counts:
    """Counts of all lines together.

    Attributes:
        sent: frames written, those sent again included; ``awaited`` of them asked for an answer.
        acknowledged: answers that came to them.
        resent: frames written again because no answer came.
        given_up: frames to which none came in the end.
        obeyed: orders answered.
        connected: lines that stand now; ``lost``: lines that broke.
        waits_s: seconds from frame to answer, the latest of them.
    """

    sent: int = 0
    awaited: int = 0
    acknowledged: int = 0
    resent: int = 0
    given_up: int = 0
    obeyed: int = 0
    connected: int = 0
    lost: int = 0
    waits_s: deque[float] = field(default_factory=lambda: deque(maxlen=_KEPT))

    def wait_ms(self, share: float) -> float:
        """The wait that a share of the answers (0–1) did not pass, in milliseconds; 0 without answers."""
        waits = sorted(self.waits_s)
        return 1000 * waits[min(int(share * len(waits)), len(waits) - 1)] if waits else 0.0

    def line(self, seconds: float) -> str:
        """One line for a person, both languages."""
        rate = self.acknowledged / seconds if seconds else 0.0
        waits = f"p50 {self.wait_ms(0.5):.1f} ms, p99 {self.wait_ms(0.99):.1f} ms"
        zh = f"在线 {self.connected}，已发 {self.sent}，已应答 {self.acknowledged}（每秒 {rate:.0f}）"
        en = f"{self.connected} connected, {self.sent} sent, {self.acknowledged} acknowledged ({rate:.0f}/s)"
        more = f"重发 {self.resent}，放弃 {self.given_up}，执行命令 {self.obeyed}"
        more_en = f"{self.resent} resent, {self.given_up} given up, {self.obeyed} orders obeyed"
        return f"{zh}，{more}，{waits} · {en}, {more_en}"
