"""Mutated streams, chosen by what they reach: an input that runs a branch no earlier one ran is kept and mutated
again.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable, Iterator
from types import CodeType

from trials import IS_SOAK

#: What means something in no protocol in particular.
TOKENS = (b"9" * 30, b" ", b"\x00", b"0000", b"9999", b"1E99", b"NaN", b"-", b"\x81", b"\xe6\xb8\x85", b"\r\n", b"=")


def trials(usual: int) -> int:
    """How many inputs a test makes: so many, ten million in ``make soak``, or as many as SHUANGKONG_FUZZ says."""
    return int(os.environ.get("SHUANGKONG_FUZZ") or (10_000_000 if IS_SOAK else usual))


def say(line: str) -> None:
    """Tells how far a long trial has come, past pytest's keeping of what is printed only where it is asked for (-s)."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class Reached:
    """Lines and branches of a package that inputs have run, as the interpreter tells; what is known costs nothing."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._ways: dict[tuple[CodeType, int], set[int]] = {}
        self.found = 0

    def __enter__(self) -> Reached:
        monitoring = sys.monitoring
        events = monitoring.events
        # Newer interpreters tell the two ways of a branch apart, older ones name where it goes.
        names = ("LINE", "BRANCH_LEFT", "BRANCH_RIGHT") if hasattr(events, "BRANCH_LEFT") else ("LINE", "BRANCH")
        monitoring.use_tool_id(monitoring.COVERAGE_ID, "mutation")
        for name in names:
            monitoring.register_callback(
                monitoring.COVERAGE_ID, getattr(events, name), self._branch if name == "BRANCH" else self._once
            )
        monitoring.set_events(monitoring.COVERAGE_ID, sum(getattr(events, name) for name in names))
        monitoring.restart_events()
        return self

    def __exit__(self, *_: object) -> None:
        monitoring = sys.monitoring
        monitoring.set_events(monitoring.COVERAGE_ID, 0)
        monitoring.free_tool_id(monitoring.COVERAGE_ID)

    def _once(self, code: CodeType, *_: int) -> object:
        self.found += self._package in code.co_filename
        return sys.monitoring.DISABLE

    def _branch(self, code: CodeType, at: int, to: int) -> object:
        if self._package not in code.co_filename:
            return sys.monitoring.DISABLE
        ways = self._ways.setdefault((code, at), set())
        self.found += to not in ways
        ways.add(to)
        return sys.monitoring.DISABLE if len(ways) > 1 else None


class Mutations:
    """An endless supply of streams made of ``corpus``, each kept that reached something new.

    ``tokens``: what means something in the protocol; ``mended``: a stream again whole (length, check value), so that a
    change in it gets past the finder; without it none is.
    """

    def __init__(
        self, corpus: list[bytes], chance: random.Random, tokens: tuple[bytes, ...] = (),
        mended: Callable[[bytes], bytes] | None = None,
    ) -> None:  # fmt: skip
        self.corpus = list(corpus)
        self._chance, self._tokens, self._mended = chance, (*TOKENS, *tokens), mended

    def streams(self, count: int, reached: Reached) -> Iterator[bytes]:
        """Yields ``count`` streams; the caller runs each before it asks for the next."""
        for _ in range(count):
            before = reached.found
            stream = self._stream()
            yield stream
            if reached.found > before and len(stream) < 20_000:
                self.corpus.append(stream)

    def _stream(self) -> bytes:
        chance = self._chance
        # Later entries reached something that earlier ones did not: they are chosen more often.
        at = max(chance.randrange(len(self.corpus)), chance.randrange(len(self.corpus)))
        data = bytearray(self.corpus[at])
        for _ in range(chance.choice((1, 1, 2, 3, 5, 8))):
            chance.choice(self._changes())(data)
        return self._mended(bytes(data)) if self._mended and chance.random() < 0.4 else bytes(data)

    def _changes(self) -> tuple[Callable[[bytearray], None], ...]:
        return self._flip, self._flip, self._token, self._token, self._cut, self._double, self._splice, self._digit

    def _at(self, data: bytearray) -> int:
        return self._chance.randrange(len(data) + 1)

    def _flip(self, data: bytearray) -> None:
        if data:
            data[self._chance.randrange(len(data))] = self._chance.randrange(256)

    def _token(self, data: bytearray) -> None:
        at = self._at(data)
        data[at : at + self._chance.choice((0, 0, 1, 4))] = self._chance.choice(self._tokens)

    def _cut(self, data: bytearray) -> None:
        at = self._at(data)
        del data[at : at + self._chance.choice((1, 2, 7, 100))]

    def _double(self, data: bytearray) -> None:
        at = self._at(data)
        data[at:at] = data[at : at + self._chance.choice((1, 10, 100))]

    def _splice(self, data: bytearray) -> None:
        other = self._chance.choice(self.corpus)
        data[self._at(data) :] = other[self._chance.randrange(len(other) + 1) :]

    def _digit(self, data: bytearray) -> None:
        places = [at for at, byte in enumerate(data[:4000]) if 48 <= byte <= 57]
        if places:
            data[self._chance.choice(places)] = self._chance.choice(b"0123456789.")
