"""Addresses. Each room names its own under its word."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from shuangkong.web.people.views import sign_in
from shuangkong.web.plans.reminders.views import calendar
from shuangkong.web.site.views import choices, entry, journal, maps
from shuangkong.web.targets.views import home

handler400 = "shuangkong.web.site.views.errors.bad_request"
handler403 = "shuangkong.web.site.views.errors.forbidden"
handler404 = "shuangkong.web.site.views.errors.not_found"
handler500 = "shuangkong.web.site.views.errors.server_error"

CHOICES = [
    path("place/", choices.places, name="place"),
    path("plan/", choices.plans, name="plan"),
    path("body/", choices.bodies, name="body"),
]
urlpatterns = [
    path("", home.home, name="home"),
    path("login/", sign_in.sign_in, name="login"),
    path("login/second/", sign_in.second, name="second"),
    path("login/provider/", sign_in.leave, name="provider"),
    path("login/provider/back/", sign_in.come_back, name="provider_back"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", entry.language, name="set_language"),
    path("health/", entry.health, name="health"),
    path("maps/<str:code>.geojson", maps.outline, name="map"),
    path("choices/", include((CHOICES, "choices"))),
    path("journal/", journal.journal, name="journal"),
    path("api/", include("shuangkong.web.api.urls")),
    path("calendar/<str:secret>.ics", calendar.feed, name="calendar"),
    path("people/", include("shuangkong.web.people.urls")),
    path("plans/exchange/", include("shuangkong.web.plans.exchange.urls")),
    path("plans/papers/", include("shuangkong.web.plans.papers.urls")),
    path("plans/reminders/", include("shuangkong.web.plans.reminders.urls")),
    path("plans/tasks/", include("shuangkong.web.plans.tasks.urls")),
    path("plans/", include("shuangkong.web.plans.cascade.urls")),
    path("plans/", include("shuangkong.web.plans.urls")),
    path("indicators/emissions/", include("shuangkong.web.indicators.emissions.urls")),
    path("indicators/", include("shuangkong.web.indicators.urls")),
    path("statistics/", include("shuangkong.web.indicators.statistics_urls")),
    path("monitoring/uploads/", include("shuangkong.web.monitoring.uploads.urls")),
    path("uplink/", include("shuangkong.web.monitoring.uploads.uplink_urls")),
    path("monitoring/", include("shuangkong.web.monitoring.urls")),
    path("outlook/projects/", include("shuangkong.web.outlook.projects.urls")),
    path("outlook/", include("shuangkong.web.outlook.urls")),
    path("notices/", include("shuangkong.web.notices.urls")),
    path("quotas/", include("shuangkong.web.quotas.urls")),
    path("assessment/commendations/", include("shuangkong.web.assessment.commendation.urls")),
    path("assessment/accountability/", include("shuangkong.web.assessment.accountability.urls")),
    path("assessment/key-units/", include("shuangkong.web.assessment.key_units.urls")),
    path("assessment/", include("shuangkong.web.assessment.years.urls")),
    path("reporting/", include("shuangkong.web.reporting.urls")),
    path("enterprises/", include("shuangkong.web.registry.urls")),
    path("targets/decompositions/", include("shuangkong.web.targets.decomposition.urls")),
    path("targets/", include("shuangkong.web.targets.urls")),
    path("policy/", include("shuangkong.web.policy.urls")),
]
