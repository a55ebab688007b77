"""Addresses of the cascade: those of one plan, and those of all that a person may see."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.plans.cascade.views import (
    adjustment,
    compare,
    entry,
    gaps,
    links,
    pairs,
    plans,
    register,
    responsible,
)

app_name = "cascade"
urlpatterns = [
    path("cascade/", plans.plans, name="plans"),
    path("cascade/register/", register.register, name="register"),
    path("cascade/register/<int:entry_id>/", entry.entry, name="entry"),
    path("cascade/register/<int:entry_id>/act/", entry.act_on, name="act"),
    path("cascade/responsible/", responsible.responsible, name="responsible"),
    path("cascade/responsible/name/", responsible.name, name="name"),
    path("cascade/responsible/firm/", responsible.firm, name="firm"),
    path("cascade/responsible/place/", responsible.add, name="add_place"),
    path("cascade/responsible/region/<str:code>/", responsible.of_region, name="of_region"),
    path("cascade/responsible/body/<int:body_id>/", responsible.of_body, name="of_body"),
    path("cascade/responsible/end/<int:row_id>/", responsible.end, name="end"),
    path("<int:plan_id>/cascade/", links.links, name="plan"),
    path("<int:plan_id>/cascade/decide/", links.decide, name="decide"),
    path("<int:plan_id>/cascade/open/", register.of_plan, name="open"),
    path("<int:plan_id>/cascade/open/decide/", register.decide, name="register_one"),
    path("<int:plan_id>/cascade/versions/<int:version>/", adjustment.revision, name="revision"),
    path("<int:plan_id>/cascade/<int:link_id>/", compare.compare, name="compare"),
    path("<int:plan_id>/cascade/<int:link_id>/gaps/", gaps.gaps, name="gaps"),
    path("<int:plan_id>/cascade/<int:link_id>/pairs/", pairs.pairs, name="pairs"),
    path("<int:plan_id>/cascade/<int:link_id>/moves/", adjustment.adjustment, name="adjustment"),
]
