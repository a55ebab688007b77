"""When a rate of the burst counts as held: boards that nobody saw, or that were not answered, prove nothing."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest
from bench import returns_burst
from bench.returns_burst import LEAST_OPENED, Step
from bench.returns_steps import BOARDS

ANSWERS = [(at, 200, 50.0) for at in range(40)]
SEEN = dict.fromkeys(BOARDS, [20.0] * LEAST_OPENED)


def test_a_rate_holds_where_every_board_was_seen_and_answered() -> None:
    assert Step(20, ANSWERS, SEEN, failed=dict.fromkeys(BOARDS, 0)).holds


def test_boards_that_nobody_saw_do_not_hold() -> None:
    for few in ([], [20.0], [20.0] * (LEAST_OPENED - 1)):
        assert not Step(20, ANSWERS, SEEN | {next(iter(BOARDS)): few}).holds
    assert not Step(20, ANSWERS, {}).holds


def test_a_board_that_is_not_answered_with_its_page_fails_the_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    class Line:
        def __init__(self, *_: object, **__: object) -> None:
            self.status = 302

        request = close = lambda self, *_, **__: None
        getresponse = lambda self: self  # noqa: E731
        read = lambda self: b""  # noqa: E731

    class Once(Event):
        def wait(self, timeout: float | None = None) -> bool:
            done = self.is_set()
            self.set()
            return done

    monkeypatch.setattr(returns_burst, "HTTPConnection", Line)
    boards: dict[str, Any] = {board: [] for board in BOARDS}
    failed = dict.fromkeys(BOARDS, 0)
    returns_burst._watch("", boards, failed, Once())
    assert failed == dict.fromkeys(BOARDS, 1)
    assert not Step(20, ANSWERS, SEEN, failed=failed).holds
