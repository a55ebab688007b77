"""Addresses of online reporting."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.reporting.views import (
    cases,
    desk,
    files,
    filling,
    mine,
    one,
    signing,
    suspects,
    unit,
    verifiers,
    windows,
    workbooks,
)

app_name = "reporting"
urlpatterns = [
    path("", mine.mine, name="mine"),
    path("desk/", desk.desk, name="desk"),
    path("desk/approve/", desk.approve, name="approve"),
    path("windows/", windows.board, name="windows"),
    path("windows/open/", windows.opening, name="open"),
    path("windows/<int:window_id>/", windows.window, name="window"),
    path("windows/<int:window_id>/urge/", windows.urge, name="urge"),
    path("windows/<int:window_id>/refresh/", windows.bring_up, name="refresh"),
    path("units/", unit.units, name="units"),
    path("units/<int:reporter_id>/", unit.unit, name="unit"),
    path("units/<int:reporter_id>/staff/", unit.name, name="staff"),
    path("units/<int:reporter_id>/agents/", unit.entrust, name="entrust"),
    path("units/<int:reporter_id>/agents/end/", unit.end, name="end_agent"),
    path("suspicions/", suspects.suspicions, name="suspicions"),
    path("alarms/", suspects.alarms, name="alarms"),
    path("cases/", cases.board, name="cases"),
    path("cases/<int:case_id>/", cases.case, name="case"),
    path("cases/<int:case_id>/act/", cases.act_on, name="case_act"),
    path("verifiers/", verifiers.bodies, name="verifiers"),
    path("verifiers/register/", verifiers.register, name="register_verifier"),
    path("verifiers/<int:verification_body_id>/", verifiers.body, name="verifier"),
    path("verifiers/<int:verification_body_id>/tell/", verifiers.tell, name="tell_verifier"),
    path("<int:return_id>/case/", cases.opening, name="open_case"),
    path("<int:return_id>/", one.one, name="return"),
    path("<int:return_id>/act/", one.act_on, name="act"),
    path("<int:return_id>/form/", filling.form, name="form"),
    path("<int:return_id>/draft/", filling.draft, name="draft"),
    path("<int:return_id>/token/", filling.token, name="token"),
    path("<int:return_id>/check/", filling.check, name="check"),
    path("<int:return_id>/start-over/", filling.start_over, name="start_over"),
    path("<int:return_id>/sign/", signing.sign, name="sign"),
    path("<int:return_id>/versions/<int:which>/", one.version, name="version"),
    path("<int:return_id>/versions/<int:which>/difference/", one.difference, name="difference"),
    path("<int:return_id>/versions/<int:which>/copy/", workbooks.sealed, name="sealed"),
    path("<int:return_id>/template/", workbooks.template, name="template"),
    path("<int:return_id>/upload/", workbooks.upload, name="upload"),
    path("<int:return_id>/files/", files.add, name="attach"),
    path("<int:return_id>/files/<int:return_file_id>/", files.file, name="file"),
    path("<int:return_id>/files/<int:return_file_id>/remove/", files.remove, name="detach"),
]
