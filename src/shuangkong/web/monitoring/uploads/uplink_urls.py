"""Addresses that access ends call."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.monitoring.uploads.views import uplink

app_name = "uplink"
urlpatterns = [
    path("register", uplink.register, name="register"),
    path("version", uplink.version, name="version"),
    path("dictionary", uplink.dictionary, name="dictionary"),
    path("configure", uplink.configure, name="configure"),
    path("data", uplink.data, name="data"),
]
