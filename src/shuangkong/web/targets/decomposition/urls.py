"""Addresses of decompositions."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.targets.decomposition.views import annexes, elastic, every, one, opening, paper, share, workbench

app_name = "decomposition"
urlpatterns = [
    path("", every.every, name="list"),
    path("open/", opening.opening, name="open"),
    path("elastic/", elastic.elastic, name="elastic"),
    path("annexes/", annexes.annexes, name="annexes"),
    path("<int:decomposition_id>/", one.one, name="one"),
    path("<int:decomposition_id>/act/", one.act_on, name="act"),
    path("<int:decomposition_id>/workbench/", workbench.workbench, name="workbench"),
    path("shares/<int:share_id>/", share.share, name="share"),
    path("shares/<int:share_id>/letter/", paper.letter, name="letter"),
]
