"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Tables are named exchange_…."""

    name = "shuangkong.records.plans.exchange"
    label = "exchange"
