"""政策文件 → 平台怎样收用能上传: how a place's platform knows who sends, what it enciphers and how it writes."""

from __future__ import annotations

from dataclasses import dataclass

from shuangkong.monitoring.ground import Files
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.protocols.nhjc.profile import VALID, VALID_AS_ERROR, Auth, Profile

PROFILE = "upload_profile"
#: Where a token goes in a message, where a place says nothing else.
TOKEN_FIELD = "token"
_VALID = {"true_is_valid": VALID, "zero_is_valid": VALID_AS_ERROR}


@dataclass(frozen=True, slots=True)
class UploadRule:
    """How a place's platform receives: its ways, without the key of any sender, and whether it hands out keys."""

    profile: Profile
    is_sealed: bool


def upload_rule(folder: PolicyFolder, layer: str) -> UploadRule:
    """Raises PolicyRefused where the file cannot be used."""
    record = Files(folder, layer, "").record(PROFILE)
    fields = record.listing("enciphered").texts() if "enciphered" in record.entries else ()
    profile = Profile(
        layer,
        Auth(record.text("auth", Auth.NONE)),
        token_field=record.text("token_field", TOKEN_FIELD),
        enciphered=tuple(fields),
        is_dashed=record.flag("dashed", default=True),
        valid=_VALID[record.text("valid")],
        upload_time=record.text("upload_time"),
    )
    return UploadRule(profile, bool(fields))
