"""Addresses of tasks."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.plans.tasks.views import assign, board, bodies, duties, judging, matters, meetings, register, task

app_name = "tasks"
urlpatterns = [
    path("", duties.duties, name="duties"),
    path("<int:task_id>/", task.task, name="task"),
    path("<int:task_id>/act/", task.act_on, name="act"),
    path("evidence/<int:evidence_id>/", task.evidence_file, name="evidence"),
    path("board/", board.board, name="board"),
    path("list/", board.task_list, name="list"),
    path("listed/", board.listed, name="listed"),
    path("rectification/", board.rectification, name="rectification"),
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/<int:body_id>/", bodies.body, name="body"),
    path("judging/", judging.judging, name="judging"),
    path("assign/", assign.assign, name="assign"),
    path("assign/<int:plan_id>/", assign.tree, name="tree"),
    path("assign/<int:plan_id>/owners/", assign.own, name="own"),
    path("assign/<int:plan_id>/derive/", assign.derive_again, name="derive"),
    path("add/", assign.add, name="add"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/<int:meeting_id>/", meetings.meeting, name="meeting"),
    path("matters/", matters.matters, name="matters"),
    path("register/", register.register, name="register"),
]
