"""Addresses of tables in and out."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.plans.exchange.views import taken_in, taken_out

app_name = "exchange"
urlpatterns = [
    path("in/", taken_in.taken_in, name="in"),
    path("in/<str:sort>.xlsx", taken_in.template, name="template"),
    path("out/", taken_out.taken_out, name="out"),
    path("out/<str:export>.<str:form>", taken_out.table, name="table"),
]
