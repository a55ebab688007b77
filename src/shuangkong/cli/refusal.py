"""拒绝: what a command says when it cannot do what was asked, to a person or to a program."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Protocol

#: Exit code of a command that could not be carried out as asked.
WRONG_USE = 2


class Refusal(Protocol):
    """What refusals of every room have in common: a code, and the sentence in both languages."""

    code: str
    zh: str
    en: str


class CommandRefused(Exception):
    """What was typed cannot be done. Says what, expected, found and the next step, in both languages."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(f"{code} {zh}")
        self.code, self.zh, self.en = code, zh, en


def tell_refusal(refusal: Refusal, args: argparse.Namespace) -> int:
    """Says why: to a person on standard error, with ``--json`` to a program on standard output.

    Returns the exit code.
    """
    if getattr(args, "json", False):
        told = {"refused": {"code": refusal.code, "message": {"zh": refusal.zh, "en": refusal.en}}}
        print(json.dumps(told, ensure_ascii=False, indent=1))
    elif getattr(args, "english", False):
        print(f"{refusal.code} {refusal.en}", file=sys.stderr)
    else:
        print(f"{refusal.code} {refusal.zh}\n    {refusal.en}", file=sys.stderr)
    return WRONG_USE
