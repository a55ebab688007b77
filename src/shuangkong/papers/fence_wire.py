"""What passes through the fence: a request on the way in, a result or a refusal on the way out."""

from __future__ import annotations

import pickle
import signal
from dataclasses import dataclass, is_dataclass
from enum import Enum
from importlib import import_module
from typing import IO, Any

CHILD = "shuangkong.papers.fence_child"
#: Exit code of a child that met its limit of memory.
NO_MEMORY = 71
#: What a child ends with when something ran out; the kernel kills (SIGKILL) when the whole machine has no memory left.
OUT_OF_MEMORY = frozenset({NO_MEMORY, -signal.SIGKILL})
OUT_OF_TIME = frozenset({-signal.SIGXCPU})

#: Values of the standard library that readings are made of.
_PLAIN = frozenset({("datetime", "date"), ("decimal", "Decimal"), ("builtins", "frozenset"), ("builtins", "set")})
_OWN = "shuangkong."


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use: address space, processor time, time on the clock, size of its answer."""

    memory_bytes: int
    cpu_seconds: int
    wall_seconds: int
    output_bytes: int


@dataclass(frozen=True, slots=True)
class Request:
    """A file, and the step to take after it is open (``module:function``, empty for none).

    ``is_document``: it is opened as a document first; else the step gets the bytes themselves.
    """

    name: str
    data: bytes
    function: str
    arguments: tuple[object, ...]
    limits: Limits
    is_document: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    document: object
    value: Any


@dataclass(frozen=True, slots=True)
class Refusal:
    code: str
    zh: str
    en: str


class FileRefused(Exception):
    """Raised by a step that gets bytes: the file is not what it should be, or ran into a limit of the child."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(f"{code} {zh}")
        self.code, self.zh, self.en = code, zh, en


class _ValuesOnly(pickle.Unpickler):
    """Builds dataclasses and enums of the project, dates, decimals and plain containers; nothing that could act."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        if module.startswith(_OWN):
            found = getattr(import_module(module), name, None)
            if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum)):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not a value that passes the fence")


def write_request(stream: IO[bytes], request: Request) -> None:
    pickle.dump(request, stream, pickle.HIGHEST_PROTOCOL)


def read_request(stream: IO[bytes]) -> Request:
    """The parent's request; it comes from ourselves, so it is read as any pickle."""
    request = pickle.load(stream)
    if not isinstance(request, Request):
        raise TypeError(f"request: expected Request, found {type(request).__name__}")
    return request


def write_answer(stream: IO[bytes], answer: Result | Refusal) -> None:
    pickle.dump(answer, stream, pickle.HIGHEST_PROTOCOL)


def read_answer(stream: IO[bytes]) -> object:
    """The child's answer, or the error that made it unreadable: a child taken over may send anything."""
    try:
        return _ValuesOnly(stream).load()
    except (pickle.UnpicklingError, EOFError, AttributeError, ImportError, IndexError, TypeError, ValueError) as error:
        return error
