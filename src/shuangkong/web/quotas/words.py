"""台账的说法: words of the ledger in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shuangkong.quotas.certificates import Act


def act_word(act: Act) -> str:
    words = {
        Act.ISSUE: _("核发"),
        Act.TRANSFER: _("转让"),
        Act.RETIRE: _("核销"),
        Act.WITHDRAW: _("撤销核发"),
    }
    return words[act]
