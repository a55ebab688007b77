"""Addresses of figures. A subject is written as core.fact writes it: region:<code>, sector:<region>/<industry>."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.indicators.views import (
    analysis,
    bulletin,
    compare,
    figure,
    figures,
    gaps,
    intensity,
    scopes,
    series,
)  # fmt: skip

app_name = "indicators"
urlpatterns = [
    path("", figures.figures, name="figures"),
    path("intensity/", intensity.intensity, name="intensity"),
    path("analysis/", analysis.analysis, name="analysis"),
    path("analysis/paper/", analysis.analysis_paper, name="analysis_paper"),
    path("compare/", compare.compare, name="compare"),
    path("bulletins/", bulletin.bulletins, name="bulletins"),
    path("bulletins/prepare/", bulletin.prepare, name="prepare"),
    path("bulletins/<int:bulletin_id>/", bulletin.bulletin, name="bulletin"),
    path("bulletins/<int:bulletin_id>/act/", bulletin.act_on, name="bulletin_act"),
    path("bulletins/<int:bulletin_id>/docx/", bulletin.bulletin_file, {"form": "docx"}, name="bulletin_docx"),
    path("bulletins/<int:bulletin_id>/xlsx/", bulletin.bulletin_file, {"form": "xlsx"}, name="bulletin_xlsx"),
    path("gaps/", gaps.missing, name="gaps"),
    path("scopes/", scopes.scopes, name="scopes"),
    path("figure/<str:indicator>/<str:period>/<path:subject>/", figure.figure, name="figure"),
    path("sheet/<str:indicator>/<str:period>/<path:subject>/", figure.sheet, name="sheet"),
    path("series/<str:indicator>/<path:subject>/", series.series, name="series"),
]
