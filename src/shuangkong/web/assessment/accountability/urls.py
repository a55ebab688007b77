"""Addresses of consequences and of what may be approved."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.assessment.accountability.views import approval, every, notice, one

app_name = "accountability"
urlpatterns = [
    path("", every.every, name="list"),
    path("approval/", approval.approval, name="approval"),
    path("approval/exempt/", approval.exempting, name="exempt"),
    path("approval/exempt/<int:exemption_id>/end/", approval.ending, name="end_exemption"),
    path("of/<int:assessment_id>/", every.listing, name="list_up"),
    path("<int:consequence_id>/", one.one, name="one"),
    path("<int:consequence_id>/notice/", notice.notice, name="notice"),
    path("<int:consequence_id>/minutes/", notice.minutes, name="minutes"),
    path("<int:consequence_id>/act/", one.act_on, name="act"),
]
