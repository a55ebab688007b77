"""投递: hands over what waits in the outbox, and writes down what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime

from shuangkong.gateway.messenger.channel import Channel
from shuangkong.gateway.messenger.dingtalk import DingTalkRobot
from shuangkong.gateway.messenger.mail import MailServer
from shuangkong.gateway.messenger.sms import SmsGateway
from shuangkong.gateway.messenger.wecom import WeComRobot
from shuangkong.records.plans.reminders import outbox
from shuangkong.records.plans.reminders.channels import ChannelKind, Setup
from shuangkong.records.plans.reminders.letters import Outcome

#: How each kind of channel is made from what the operator set up.
CHANNELS: Mapping[ChannelKind, Callable[[Setup], Channel]] = {
    ChannelKind.EMAIL: MailServer,
    ChannelKind.WECOM: WeComRobot,
    ChannelKind.DINGTALK: DingTalkRobot,
    ChannelKind.SMS: SmsGateway,
}


def channels(setups: Mapping[ChannelKind, Setup]) -> dict[ChannelKind, Channel]:
    """The channels that are set up."""
    return {kind: CHANNELS[kind](setup) for kind, setup in setups.items()}


def send_due(
    doors: Mapping[ChannelKind, Channel], repeatable: frozenset[ChannelKind], moment: Callable[[], datetime]
) -> Counter[Outcome]:
    """Sends what is due, of each channel no more than its peer takes in a minute; counts what became of it.

    Never inside a transaction: a claim must outlive whoever makes it.
    """
    outbox.recover(moment(), repeatable)
    told: Counter[Outcome] = Counter()
    for kind, door in doors.items():
        for number in outbox.due(kind, moment(), door.most):
            letter = outbox.claim(number, moment())
            if letter is not None:
                receipt = door.deliver(letter)
                outbox.settle(number, receipt, moment())
                told[receipt.outcome] += 1
    return told
