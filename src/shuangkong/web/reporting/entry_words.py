"""事项怎么说: the words of acts on the file of a unit, as the journal shows them, and what follows from each."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from shuangkong.reporting.entry_life import EntryEvent

ACTS = {
    EntryEvent.ENTER: lazy("登记一企一档事项"),
    EntryEvent.START: lazy("开始实施审计建议"),
    EntryEvent.FINISH: lazy("报审计建议完成"),
    EntryEvent.REFUSE: lazy("不实施审计建议"),
    EntryEvent.CONFIRM: lazy("认可单位的办理"),
    EntryEvent.SEND_BACK: lazy("退回单位重办"),
    EntryEvent.EXTEND: lazy("改事项的期限"),
    EntryEvent.SOUND: lazy("计量审查合格"),
    EntryEvent.FAULTY: lazy("计量审查发现问题"),
    EntryEvent.RECTIFY: lazy("报计量整改完成"),
    EntryEvent.KEEP: lazy("登记承诺兑现"),
    EntryEvent.BREAK: lazy("登记承诺未兑现"),
    EntryEvent.END: lazy("登记认证证书失效"),
    EntryEvent.ANSWER: lazy("单位对事项的说明"),
    EntryEvent.STRIKE: lazy("作废一企一档事项"),
}
FOLLOWS = {
    EntryEvent.FINISH: lazy("机关看到后认可，或退回要求补证据。"),
    EntryEvent.REFUSE: lazy("机关看到理由，同意不实施，或退回要求实施。"),
    EntryEvent.CONFIRM: lazy("这件事项办结，记入一企一档。"),
    EntryEvent.SEND_BACK: lazy("单位收到理由和新的期限，按期再办。"),
    EntryEvent.FAULTY: lazy("单位按期整改，到期前后自动提醒；登记册当天的表数和检定情况随审查存档。"),
    EntryEvent.SOUND: lazy("审查办结；登记册当天的表数和检定情况随审查存档。"),
    EntryEvent.KEEP: lazy("计入单位的承诺结果，责任清单随之变化。"),
    EntryEvent.BREAK: lazy("计入单位的承诺结果，责任清单随之变化；单位可以说明。"),
    EntryEvent.STRIKE: lazy("不再计数，记录和理由留着。"),
}
