"""Addresses of commendations."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.assessment.commendation.views import every, one, paper, propose

app_name = "commendation"
urlpatterns = [
    path("", every.every, name="list"),
    path("propose/", propose.propose, name="propose"),
    path("<int:commendation_id>/", one.one, name="one"),
    path("<int:commendation_id>/act/", one.act_on, name="act"),
    path("<int:commendation_id>/paper/", paper.paper, name="paper"),
]
