"""Addresses of online reporting."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.reporting.views import desk, files, filling, mine, one, signing, unit, windows

app_name = "reporting"
urlpatterns = [
    path("", mine.mine, name="mine"),
    path("desk/", desk.desk, name="desk"),
    path("desk/approve/", desk.approve, name="approve"),
    path("windows/", windows.board, name="windows"),
    path("windows/open/", windows.opening, name="open"),
    path("windows/<int:number>/", windows.window, name="window"),
    path("windows/<int:number>/urge/", windows.urge, name="urge"),
    path("windows/<int:number>/refresh/", windows.bring_up, name="refresh"),
    path("units/", unit.units, name="units"),
    path("units/<int:number>/", unit.unit, name="unit"),
    path("units/<int:number>/staff/", unit.name, name="staff"),
    path("units/<int:number>/agents/", unit.entrust, name="entrust"),
    path("units/<int:number>/agents/end/", unit.end, name="end_agent"),
    path("<int:number>/", one.one, name="return"),
    path("<int:number>/act/", one.act_on, name="act"),
    path("<int:number>/form/", filling.form, name="form"),
    path("<int:number>/draft/", filling.draft, name="draft"),
    path("<int:number>/token/", filling.token, name="token"),
    path("<int:number>/check/", filling.check, name="check"),
    path("<int:number>/start-over/", filling.start_over, name="start_over"),
    path("<int:number>/sign/", signing.sign, name="sign"),
    path("<int:number>/versions/<int:which>/", one.version, name="version"),
    path("<int:number>/versions/<int:which>/difference/", one.difference, name="difference"),
    path("<int:number>/files/", files.add, name="attach"),
    path("<int:number>/files/<int:file_id>/", files.file, name="file"),
    path("<int:number>/files/<int:file_id>/remove/", files.remove, name="detach"),
]
