"""Addresses of the pages about uploads."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.monitoring.uploads.views import board

app_name = "uploads"
urlpatterns = [
    path("", board.every, name="board"),
    path("<int:number>/", board.one, name="one"),
    path("<int:number>/act/", board.act_on, name="act"),
]
