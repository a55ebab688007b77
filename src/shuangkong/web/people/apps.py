"""The pages of people as a Django app: for what happens at every signing in and out."""

from __future__ import annotations

from django.apps import AppConfig


class PeoplePagesConfig(AppConfig):
    """Its label differs from that of the tables of people."""

    name = "shuangkong.web.people"
    label = "people_pages"

    def ready(self) -> None:
        from shuangkong.web.people import receivers  # models are there only now

        receivers.connect()
