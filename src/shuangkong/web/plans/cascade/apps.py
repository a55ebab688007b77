"""The pages of the cascade as a Django app: its templates, and the tag that says whether a plan is in force."""

from __future__ import annotations

from django.apps import AppConfig


class CascadePagesConfig(AppConfig):
    """Its label differs from that of the tables of the cascade."""

    name = "shuangkong.web.plans.cascade"
    label = "cascade_pages"
