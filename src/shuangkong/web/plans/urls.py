"""Addresses of plans."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.plans.views import add, audit, body, history, measure, plan, plans, review, upload

app_name = "plans"
urlpatterns = [
    path("", plans.plans, name="list"),
    path("upload/", upload.upload, name="upload"),
    path("bodies/", body.bodies, name="bodies"),
    path("bodies/<int:body_id>/", body.body, name="body"),
    path("measures/<int:measure_id>/", measure.measure, name="measure"),
    path("<int:plan_id>/", plan.plan, name="plan"),
    path("<int:plan_id>/audit/", audit.audit, name="audit"),
    path("<int:plan_id>/audit/again/", audit.audit_again, name="audit_again"),
    path("<int:plan_id>/history/", history.history, name="history"),
    path("<int:plan_id>/review/", review.review, name="review"),
    path("<int:plan_id>/review/accept-certain/", review.accept_certain, name="accept_certain"),
    path("<int:plan_id>/review/add/", add.add, name="add"),
    path("<int:plan_id>/review/adopt/", review.adopt, name="adopt"),
    path("<int:plan_id>/review/<int:entry_id>/", review.entry, name="entry"),
    path("<int:plan_id>/review/<int:entry_id>/decide/", review.decide, name="decide"),
]
