"""围栏: reads an untrusted file in a child process that may be killed; the caller always gets an answer.

The child has its own limits of memory, processor time, wall clock and output. It is a fresh interpreter (no fork of a
server with threads and sockets) that gets the bytes on its standard input and sends back one pickle. That is read with
a reader that knows only the project's own values: a child taken over by a hostile file cannot run code here.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from shuangkong.papers import fence_wire
from shuangkong.papers.fence_wire import FileRefused, Limits
from shuangkong.plans.document import Document, DocumentRefused
from shuangkong.plans.intake import require_size
from shuangkong.plans.intake.refusals import bytes_as_words, refused

#: A plan takes under a second; ten leave room for a slow machine and a long file.
LIMITS = Limits(memory_bytes=1024**3, cpu_seconds=10, wall_seconds=20, output_bytes=256 * 1024**2)

#: Last words of a child that are kept for the administrator.
_LAST_WORDS = 400


@dataclass(frozen=True, slots=True)
class Fenced:
    """What came back: the document, and the result of the further step (None where none was asked)."""

    document: Document
    result: Any


def fenced(name: str, data: bytes, function: str = "", *arguments: object, limits: Limits = LIMITS) -> Fenced:
    """Opens a file in a child and, there too, calls ``function(document, *arguments)``.

    Args:
        name: file name, for its door and for messages.
        data: the file.
        function: where the further step lives, such as ``shuangkong.plans.reader:read_plan``; empty for none.
        arguments: its other arguments; they must pickle.
        limits: what the child may use.

    Raises:
        DocumentRefused: the file cannot become text, or reading it went beyond a limit or stopped (PLN-912 to PLN-914).
    """
    require_size(name, len(data))
    told = _asked(fence_wire.Request(name, data, function, arguments, limits))
    if isinstance(told, fence_wire.Refusal):
        raise DocumentRefused(told.code, told.zh, told.en)
    if not isinstance(told, fence_wire.Result) or not isinstance(told.document, Document):
        raise refused("PLN-914", name, found=f"{type(told).__name__}")
    return Fenced(told.document, told.value)


def fenced_bytes(name: str, data: bytes, function: str, *arguments: object, limits: Limits = LIMITS) -> Any:
    """What ``function(data, *arguments)`` returns in a child: for files that are no documents.

    Raises:
        FileRefused: the function refused the file, or the child met a limit or stopped (PLN-912 to PLN-914).
    """
    try:
        told = _asked(fence_wire.Request(name, data, function, arguments, limits, is_document=False))
    except DocumentRefused as stopped:
        raise FileRefused(stopped.code, stopped.zh, stopped.en) from stopped
    if isinstance(told, fence_wire.Refusal):
        raise FileRefused(told.code, told.zh, told.en)
    if not isinstance(told, fence_wire.Result):
        fault = refused("PLN-914", name, found=f"{type(told).__name__}")
        raise FileRefused(fault.code, fault.zh, fault.en)
    return told.value


def fenced_file(path: Path, function: str = "", *arguments: object, limits: Limits = LIMITS) -> Fenced:
    """``fenced`` for a file on disk; one that is too large is refused without being read.

    Raises:
        DocumentRefused: as ``fenced``.
        OSError: there is no such file, or it may not be read.
    """
    require_size(path.name, path.stat().st_size)
    return fenced(path.name, path.read_bytes(), function, *arguments, limits=limits)


def _asked(request: fence_wire.Request) -> object:
    """The child's answer to a request."""
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as words:
        fence_wire.write_request(asked, request)
        asked.seek(0)
        code = _run(request.name, asked, answer, words, request.limits)
        answer.seek(0)
        words.seek(0)
        return _answer(request.name, code, answer, words.read().decode("utf-8", "replace"), request.limits)


def _run(name: str, request: IO[bytes], answer: IO[bytes], words: IO[bytes], limits: Limits) -> int:
    """Exit code of the child; negative for the signal that ended it."""
    command = [sys.executable, "-I", "-m", fence_wire.CHILD]
    with subprocess.Popen(command, stdin=request, stdout=answer, stderr=words, close_fds=True) as child:
        try:
            return child.wait(limits.wall_seconds)
        except subprocess.TimeoutExpired as error:
            raise refused("PLN-912", name, expected=limits.wall_seconds) from error
        finally:
            child.kill()


def _answer(name: str, code: int, answer: IO[bytes], words: str, limits: Limits) -> object:
    if code in fence_wire.OUT_OF_TIME:
        raise refused("PLN-912", name, expected=limits.cpu_seconds)
    if code in fence_wire.OUT_OF_MEMORY or "MemoryError" in words or "bad_alloc" in words:
        raise refused("PLN-913", name, expected=bytes_as_words(limits.memory_bytes))
    if code != 0:
        raise refused("PLN-914", name, found=f"exit {code}: {words[-_LAST_WORDS:].strip()}")
    return fence_wire.read_answer(answer)
