"""Addresses. Each room names its own under its word."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from shuangkong.web.site.views import entry, maps
from shuangkong.web.targets.views import home

handler400 = "shuangkong.web.site.views.errors.bad_request"
handler403 = "shuangkong.web.site.views.errors.forbidden"
handler404 = "shuangkong.web.site.views.errors.not_found"
handler500 = "shuangkong.web.site.views.errors.server_error"

urlpatterns = [
    path("", home.home, name="home"),
    path("login/", entry.LogIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", entry.language, name="set_language"),
    path("health/", entry.health, name="health"),
    path("maps/<str:code>.geojson", maps.outline, name="map"),
    path("plans/", include("shuangkong.web.plans.urls")),
    path("targets/", include("shuangkong.web.targets.urls")),
]
