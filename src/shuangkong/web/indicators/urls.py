"""Addresses of figures. A subject is written as core.fact writes it: region:<code>, sector:<region>/<industry>."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.indicators.views import (
    analysis,
    balance,
    bulletin,
    compare,
    figure,
    figures,
    flows,
    gaps,
    intensity,
    reconciliation,
    scopes,
    series,
    structure,
    subjects,
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
    path("subjects/", subjects.subjects, name="subjects"),
    path("balance/", balance.balance, name="balance"),
    path("balance/form/", balance.balance_form, name="balance_form"),
    path("flows/", flows.balance_flows, name="flows"),
    path("structure/", structure.structure, name="structure"),
    path("reconciliation/", reconciliation.reconciled, name="reconciliation"),
    path("figure/<str:indicator>/<str:period>/<path:subject>/", figure.figure, name="figure"),
    path("sheet/<str:indicator>/<str:period>/<path:subject>/", figure.sheet, name="sheet"),
    path("series/<str:indicator>/<path:subject>/", series.series, name="series"),
]
