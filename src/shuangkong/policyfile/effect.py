"""有效的文件: which file of a layer and those above it holds: the nearest, unless it relaxes what it must not."""

from __future__ import annotations

from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain
from shuangkong.policyfile.stricter import relaxing

_CASES = ".cases.yaml"


def files_in_force(folder: PolicyFolder, layer: str) -> dict[str, str]:
    """Path below the layers → name, of all rule files, sources and lists that hold in ``layer``, in the order of names.

    Each from the nearest layer whose file has effect; what computes and what tells of the law read by this alone.
    """
    found: dict[str, str] = {}
    for each in reversed(chain(folder, layer)):
        lax = relaxing(folder, each)
        inner = (name.partition("/") for name in folder.names if name not in lax and not name.endswith(_CASES))
        found |= {rest: f"{first}/{rest}" for first, _, rest in inner if first == each and rest}
    return dict(sorted(found.items(), key=lambda each: each[1]))
