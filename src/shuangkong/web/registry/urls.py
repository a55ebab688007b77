"""Addresses of the register of enterprises. One enterprise is named by its source code."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.registry.views import every, likely, new, one, regions

app_name = "enterprises"
urlpatterns = [
    path("", every.every, name="list"),
    path("new/", new.new, name="new"),
    path("likely/", likely.likely, name="likely"),
    path("regions/", regions.regions, name="regions"),
    path("<str:source>/", one.one, name="one"),
    path("<str:source>/act/", one.act_on, name="act"),
]
