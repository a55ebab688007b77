"""Addresses of the law. A provision is named by its id, the path below the layers."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.policy.views import provision, provisions

app_name = "policy"
urlpatterns = [
    path("", provisions.provisions, name="provisions"),
    path("<path:id>/", provision.provision, name="provision"),
]
