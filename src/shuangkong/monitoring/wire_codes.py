"""传输代码: the code lists of HJ 212 out of the policy folder, put together as the protocol wants them."""

from __future__ import annotations

from functools import cache

from shuangkong.policyfile.books import code_rows
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.protocols.hj212.codes import Codes, code_book

#: A code of ours for the number of treatment devices that ran; their own codes are SB1, SB2 …
TREATMENT = "s00000"
#: One for whether any factor of the outlet was told to stand still in an hour: 1, or nothing.
STOPPED = "s00001"
#: 生产负荷, a field information.
LOAD = "i33400"
_BESIDE = (TREATMENT, STOPPED, "SB", "i", "I")


def is_measured(code: str) -> bool:
    """Whether a code is of what is measured at an outlet: not of treatment devices, nor a field information."""
    return not code.startswith(_BESIDE)


@cache
def hj212_codes(folder: PolicyFolder) -> Codes:
    """Factors, commands, systems and flags. Raises PolicyRefused where a list cannot be read."""
    return code_book(
        factors=code_rows(folder, "hj212/factors"),
        old_factors=code_rows(folder, "hj212/old_factors"),
        commands=code_rows(folder, "hj212/commands"),
        old_commands=code_rows(folder, "hj212/old_commands"),
        systems=code_rows(folder, "hj212/systems"),
        flags=code_rows(folder, "hj212/flags"),
        request_results=code_rows(folder, "hj212/request_results"),
        execution_results=code_rows(folder, "hj212/execution_results"),
        links=code_rows(folder, "hj212/links"),
    )
