"""Addresses of figures. A subject is written as core.fact writes it: region:<code>, sector:<region>/<industry>."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.indicators.views import figure, figures, series

app_name = "indicators"
urlpatterns = [
    path("", figures.figures, name="figures"),
    path("figure/<str:indicator>/<str:period>/<path:subject>/", figure.figure, name="figure"),
    path("sheet/<str:indicator>/<str:period>/<path:subject>/", figure.sheet, name="sheet"),
    path("series/<str:indicator>/<path:subject>/", series.series, name="series"),
]
