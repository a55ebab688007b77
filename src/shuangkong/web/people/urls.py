"""Addresses of one's own account, and of persons and what they may do."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.people.views import account, competences, factor, persons, tokens

app_name = "people"
urlpatterns = [
    path("", persons.persons, name="list"),
    path("new/", persons.new, name="new"),
    path("rules/", persons.rules, name="rules"),
    path("competences/", competences.competences, name="competences"),
    path("sign-ins/", persons.history, name="history"),
    path("me/", account.me, name="me"),
    path("me/act-as/", account.act_as, name="act_as"),
    path("me/password/", account.password, name="password"),
    path("me/factor/", factor.factor, name="factor"),
    path("me/factor/change/", factor.change, name="factor_change"),
    path("me/sign-ins/", account.my_sign_ins, name="my_sign_ins"),
    path("me/sign-ins/sign-out/", account.sign_out_others, name="sign_out_others"),
    path("me/tokens/", tokens.tokens, name="tokens"),
    path("me/tokens/<int:token_id>/revoke/", tokens.revoke, name="revoke"),
    path("<int:person_id>/", persons.person, name="person"),
    path("<int:person_id>/appoint/", persons.appoint, name="appoint"),
    path("<int:person_id>/change/", persons.change, name="change"),
    path("<int:person_id>/appointments/<int:appointment_id>/withdraw/", persons.withdraw, name="withdraw"),
]
