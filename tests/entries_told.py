"""What is said of an entry of a unit's file, whole and sound: one of each kind, invented."""

from __future__ import annotations

from collections.abc import Mapping

from shuangkong.reporting.entry_kinds import AT_MOST, EntryKind

K = EntryKind
PROMISE = {
    "sort": "voluntary", "text": "年用能不超过一万吨", "promised": "10000", "unit": "吨标准煤", "bound": AT_MOST,
    "period": "2025", "signed_on": "2025-01-10", "signatory": "张某",
}  # fmt: skip
ADVICE = {
    "report": "能源审计报告", "auditor": "某机构", "reported_on": "2025-03-01", "measure": "更换风机",
    "saving_tce": "120.5", "cost_cny": "300000", "due": "2026-03-01", "post": "设备科",
}  # fmt: skip
SOUND: Mapping[EntryKind, Mapping[str, str]] = {
    K.UNDERTAKING: PROMISE,
    K.ADVICE: ADVICE,
    K.METERING: {"period": "2026", "manner": "selective", "reason": "检定过期多", "due": "2026-12-01"},
    K.SYSTEM: {
        "standard": "能源管理体系要求", "certifier": "某认证机构", "number": "EN-1", "scope": "水泥熟料生产",
        "starts_on": "2024-01-01", "due": "2026-12-31",
    },
    K.EVALUATION: {
        "aspect": "system", "period": "2025", "on": "2026-02-01", "evaluator": "发改局", "result": "good",
        "findings": "单耗下降",
    },
}  # fmt: skip
