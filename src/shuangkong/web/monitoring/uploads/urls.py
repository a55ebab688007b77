"""Addresses of the pages about uploads."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.monitoring.uploads.views import board, higher

app_name = "uploads"
urlpatterns = [
    path("", board.every, name="board"),
    path("freeze/", board.freeze_all, name="freeze"),
    path("platforms/", higher.every, name="platforms"),
    path("platforms/new/", higher.new, name="platform_new"),
    path("platforms/<int:number>/", higher.one, name="platform"),
    path("platforms/<int:number>/act/", higher.act_on, name="platform_act"),
    path("<int:number>/", board.one, name="one"),
    path("<int:number>/act/", board.act_on, name="act"),
]
