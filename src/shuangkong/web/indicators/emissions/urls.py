"""Addresses of the accounting of emissions."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.indicators.emissions.views import bases, every, one, overview, report

app_name = "emissions"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("reductions/", every.every, name="reductions"),
    path("reductions/report/", report.report, name="report"),
    path("reductions/<int:reduction_id>/", one.one, name="reduction"),
    path("reductions/<int:reduction_id>/act/", one.act_on, name="act"),
    path("reductions/files/<int:file_id>/", one.file, name="file"),
    path("bases/", bases.bases, name="bases"),
    path("bases/register/", bases.register, name="register"),
    path("bases/template/", bases.template, name="template"),
    path("bases/<int:inventory_id>/choose/", bases.choose_base, name="choose"),
]
