"""Addresses of the lists of key units."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.assessment.key_units import views

app_name = "key_units"
urlpatterns = [
    path("", views.every, name="list"),
    path("template/", views.template, name="template"),
    path("load/", views.load, name="load"),
]
