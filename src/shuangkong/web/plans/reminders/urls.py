"""Addresses of one's own reminders. The calendar feed itself is opened by its secret, not by signing in."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.plans.reminders.views import calendar, channels, inbox

app_name = "reminders"
urlpatterns = [
    path("", inbox.reminders, name="list"),
    path("bell/", inbox.bell, name="bell"),
    path("read/", inbox.read, name="read"),
    path("channels/", channels.channels, name="channels"),
    path("calendar/", calendar.calendar, name="calendar"),
]
