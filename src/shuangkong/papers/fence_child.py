"""The child behind the fence: limits itself, opens the file, takes the step, answers, ends. Run with ``-m``."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from shuangkong.papers import fence_wire
from shuangkong.papers.fence_wire import FileRefused, Limits, Refusal, Request, Result
from shuangkong.plans.document import DocumentRefused
from shuangkong.plans.intake import open_document


def main() -> None:
    """Ends with 0 after an answer, NO_MEMORY when memory ran out; anything else is a fault with its traceback."""
    request = fence_wire.read_request(sys.stdin.buffer)
    _limit(request.limits)
    try:
        fence_wire.write_answer(sys.stdout.buffer, _answered(request))
        sys.stdout.buffer.flush()
    except MemoryError:
        os._exit(fence_wire.NO_MEMORY)


def _limit(limits: Limits) -> None:
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.output_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        _, ceiling = resource.getrlimit(what)
        resource.setrlimit(what, (most if ceiling == resource.RLIM_INFINITY else min(most, ceiling), ceiling))


def _answered(request: Request) -> Result | Refusal:
    try:
        if not request.is_document:
            return Result(None, _step(request)(request.data, *request.arguments))
        document = open_document(request.name, request.data)
        if not request.function:
            return Result(document, None)
        return Result(document, _step(request)(document, *request.arguments))
    except (DocumentRefused, FileRefused) as refusal:
        return Refusal(refusal.code, refusal.zh, refusal.en)


def _step(request: Request) -> Callable[..., Any]:
    module, _, function = request.function.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found


if __name__ == "__main__":
    main()
