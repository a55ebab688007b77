"""Addresses of the statistics of sector departments, of the evaluation's indicators, and of what is not counted."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.indicators.views import evaluation, exclusions, sectors

app_name = "statistics"
urlpatterns = [
    path("", sectors.fields, name="fields"),
    path("evaluation/", evaluation.evaluation, name="evaluation"),
    path("exclusions/", exclusions.exclusions, name="exclusions"),
    path("<str:field>/", sectors.field, name="field"),
]
