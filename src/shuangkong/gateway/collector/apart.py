"""Work that may block, in a thread of its own: a file, or a line to a platform that answers slowly or never."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Thread


async def apart(work: Callable[[], None], name: str) -> None:
    """Does the work beside the loop; raises what it raises.

    Where the waiting for it is cancelled, the work is left behind and ends with the process at the latest: a platform
    that stalls does not hold up stopping. What it writes are whole transactions.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def settle(fault: BaseException | None) -> None:
        if done.cancelled():
            return
        if fault is None:
            done.set_result(None)
        else:
            done.set_exception(fault)

    def run() -> None:
        try:
            work()
        finally:
            with suppress(RuntimeError):
                # The loop may be gone.
                loop.call_soon_threadsafe(settle, sys.exception())

    Thread(target=run, name=name, daemon=True).start()
    await done
