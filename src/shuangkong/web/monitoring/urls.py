"""Addresses of online monitoring."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.monitoring.views import registers

app_name = "monitoring"
urlpatterns = [
    path("registers/", registers.every, name="registers"),
    path("registers/<slug:register>/", registers.one, name="register"),
    path("registers/<slug:register>/new/", registers.new, name="register_new"),
    path("registers/<slug:register>/load/", registers.load, name="register_load"),
    path("registers/<slug:register>/load/template/", registers.template, name="register_template"),
    path("registers/<slug:register>/<int:row>/", registers.row, name="register_row"),
    path("registers/<slug:register>/<int:row>/act/", registers.act_on, name="register_act"),
]
