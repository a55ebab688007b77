"""Addresses of the ledger of key projects."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.outlook.projects.views import every, load, one, register

app_name = "projects"
urlpatterns = [
    path("", every.every, name="list"),
    path("register/", register.register, name="register"),
    path("load/", load.load, name="load"),
    path("load/template/", load.template, name="template"),
    path("<int:project_id>/", one.one, name="project"),
    path("<int:project_id>/act/", one.act_on, name="act"),
    path("files/<int:file_id>/", one.file, name="file"),
]
