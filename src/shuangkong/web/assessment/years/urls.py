"""Addresses of assessments."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.assessment.years.views import every, launching, one, paper, term

app_name = "assessment"
urlpatterns = [
    path("", every.every, name="list"),
    path("draw/", every.draw_on, name="draw"),
    path("term/", term.term, name="term"),
    path("launch/", launching.launching, name="launch"),
    path("<int:assessment_id>/", one.one, name="one"),
    path("<int:assessment_id>/act/", one.act_on, name="act"),
    path("<int:assessment_id>/mark/", one.mark, name="mark"),
    path("<int:assessment_id>/sheet/", paper.score_sheet, name="score_sheet"),
    path("<int:assessment_id>/report/", paper.self_check, name="self_check"),
    path("<int:assessment_id>/binder/", paper.binder, name="binder"),
    path("<int:assessment_id>/carry/", one.carry, name="carry"),
    path("<int:assessment_id>/notice/", paper.notice, name="notice"),
    path("evidence/<int:evidence_id>/", one.evidence_file, name="evidence"),
]
