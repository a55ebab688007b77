"""Addresses of online monitoring."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.monitoring.views import (
    alarms,
    amounts,
    coverage,
    duty,
    frames,
    marks,
    meters,
    orders,
    outlet,
    plate,
    quality,
    quarantine,
    rates,
    registers,
    report,
    validity,
)

app_name = "monitoring"
urlpatterns = [
    path("", duty.duty, name="duty"),
    path("outlets/<int:outlet_id>/", outlet.outlet, name="outlet"),
    path("outlets/<int:outlet_id>/frames/", frames.frames, name="frames"),
    path("outlets/<int:outlet_id>/frames/<int:segment>/<int:offset>/", frames.frame, name="frame"),
    path("outlets/<int:outlet_id>/marks/", marks.desk, name="marks"),
    path("outlets/<int:outlet_id>/marks/<int:mark_id>/withdraw/", marks.withdraw, name="mark_withdraw"),
    path("outlets/<int:outlet_id>/report/", report.report, name="report"),
    path("outlets/<int:outlet_id>/amounts/<slug:factor>/", amounts.one, name="amount"),
    path("amounts/", amounts.board, name="amounts"),
    path("validity/", validity.board, name="validity"),
    path("alarms/", alarms.board, name="alarms"),
    path("alarms/<int:alarm_id>/", alarms.one, name="alarm"),
    path("alarms/<int:alarm_id>/act/", alarms.act_on, name="alarm_act"),
    path("orders/", orders.board, name="orders"),
    path("orders/<int:order_id>/", orders.one, name="order"),
    path("orders/<int:order_id>/cancel/", orders.cancel, name="order_cancel"),
    path("devices/<int:device_id>/order/", orders.new, name="order_new"),
    path("devices/<int:device_id>/plate/", plate.plate, name="plate"),
    path("rates/", rates.board, name="rates"),
    path("coverage/", coverage.board, name="coverage"),
    path("coverage/publish/", coverage.publish, name="publish"),
    path("quality/", quality.board, name="quality"),
    path("meters/", meters.board, name="meters"),
    path("quarantine/", quarantine.board, name="quarantine"),
    path("quarantine/<int:quarantine_id>/", quarantine.bytes_of, name="quarantine_bytes"),
    path("quarantine/<int:quarantine_id>/decide/", quarantine.decide, name="quarantine_decide"),
    path("registers/", registers.every, name="registers"),
    path("registers/<slug:register>/", registers.one, name="register"),
    path("registers/<slug:register>/new/", registers.new, name="register_new"),
    path("registers/<slug:register>/load/", registers.load, name="register_load"),
    path("registers/<slug:register>/load/template/", registers.template, name="register_template"),
    path("registers/<slug:register>/<int:row>/", registers.row, name="register_row"),
    path("registers/<slug:register>/<int:row>/act/", registers.act_on, name="register_act"),
]
