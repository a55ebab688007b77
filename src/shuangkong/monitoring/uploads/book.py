"""政策文件 → 平台怎样收用能上传: what a place's platform enciphers and how it writes, and the least quality it asks."""

from __future__ import annotations

from shuangkong.monitoring.ground import Files
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.protocols.nhjc.profile import VALID, VALID_AS_ERROR, Profile

PROFILE = "upload_profile"
_VALID = {"true_is_valid": VALID, "zero_is_valid": VALID_AS_ERROR}


def upload_profile(folder: PolicyFolder, layer: str) -> tuple[Profile, bool]:
    """How uploads are received in a place, without the key of any sender; and whether fields are enciphered.

    Raises PolicyRefused where the file cannot be used.
    """
    record = Files(folder, layer, "").record(PROFILE)
    fields = record.listing("enciphered").texts() if "enciphered" in record.entries else ()
    profile = Profile(
        layer,
        enciphered=tuple(fields),
        is_dashed=record.flag("dashed", default=True),
        valid=_VALID[record.text("valid")],
        upload_time=record.text("upload_time"),
    )
    return profile, bool(fields)
