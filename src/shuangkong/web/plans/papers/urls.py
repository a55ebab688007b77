"""Addresses of papers."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.plans.papers.views import making, offered

app_name = "papers"
urlpatterns = [
    path("", offered.offered, name="offered"),
    path("duty-list/<int:plan_id>/", making.duty_list, name="duty_list"),
    path("bulletin/<str:region>/", making.bulletin, name="bulletin"),
    path("letters/<int:plan_id>/", offered.letters, name="letters"),
    path("letters/<int:plan_id>/region/<str:region>/", making.region_letter, name="region_letter"),
    path("letters/<int:plan_id>/body/<int:body_id>/", making.body_letter, name="body_letter"),
    path("minutes/<int:meeting_id>/", making.minutes, name="minutes"),
]
