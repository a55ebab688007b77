"""打开: the files and the policy that a command is pointed at, or why they cannot be opened."""

from __future__ import annotations

from pathlib import Path

from shuangkong.cli.refusal import CommandRefused
from shuangkong.rulebook import ENVIRONMENT, policy_root

_FAULTS: dict[type[OSError], tuple[str, str]] = {
    FileNotFoundError: ("没有这个文件", "none of that name"),
    IsADirectoryError: ("文件夹", "a folder"),
    PermissionError: ("无权访问", "one that you may not use"),
}


def unopened(path: Path, fault: OSError) -> CommandRefused:
    """The refusal (CLI-003) of a file that the system does not give."""
    said = fault.strerror or type(fault).__name__
    found, found_en = _FAULTS.get(type(fault), (f"系统答复“{said}”", f"“{said}”"))
    return CommandRefused(
        "CLI-003",
        f"打不开“{path}”：应为可用的文件，实为{found}。请核对路径和权限后再试。",
        f"“{path}” cannot be opened: expected a file that may be used, found {found_en}. Check the path and try again.",
    )


def policy_folder(path: Path | None = None) -> Path:
    """The folder of policy files: the one given, that of the environment, or the project's own.

    Raises:
        CommandRefused: CLI-005, there is none.
    """
    try:
        return policy_root(path)
    except FileNotFoundError as fault:
        looked = path or ENVIRONMENT
        raise CommandRefused(
            "CLI-005",
            f"找不到政策文件夹：应为含 units.yaml 的文件夹，“{looked}”所指处没有。"
            f"请用 --policy 或环境变量 {ENVIRONMENT} 指明。",
            f"No policy folder: expected one with units.yaml, found none where “{looked}” points."
            f" Name it with --policy or in the environment variable {ENVIRONMENT}.",
        ) from fault
