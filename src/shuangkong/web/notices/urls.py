"""Addresses of notices."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.notices.views import notices

app_name = "notices"
urlpatterns = [
    path("", notices.notices, name="list"),
    path("<int:notice_id>/", notices.one, name="one"),
    path("<int:notice_id>/acknowledge/", notices.acknowledge, name="acknowledge"),
]
