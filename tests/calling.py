"""Commands called in the process of the test, on its database: a process of its own takes longer than most of them.

That they do the same as processes is shown by the examples of the guides (tests/cli/test_documents.py).
"""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO

from shuangkong.cli import main


@dataclass(frozen=True)
class Told:
    """What a command told, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


def call(*words: str) -> Told:
    """``shuangkong`` with these words."""
    out, fault = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(fault):
        code = main(words)
    return Told(code, out.getvalue(), fault.getvalue())
