"""Addresses of targets."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.targets.views import actuals, target, targets

app_name = "targets"
urlpatterns = [
    path("", targets.targets, name="list"),
    path("actuals/", actuals.actuals, name="actuals"),
    path("actuals/template.xlsx", actuals.template, name="template"),
    path("<int:target_id>/", target.target, name="target"),
]
