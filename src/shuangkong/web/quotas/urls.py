"""Addresses of the ledger of green certificates."""

from __future__ import annotations

from django.urls import path

from shuangkong.web.quotas.views import acts, certificates, loading

app_name = "quotas"
urlpatterns = [
    path("certificates/", certificates.certificates, name="certificates"),
    path("certificates/open/", acts.open_account, name="open"),
    path("certificates/record/", acts.record, name="record"),
    path("certificates/tell/", acts.tell, name="tell"),
    path("certificates/load/", loading.load, name="load"),
    path("certificates/template/", loading.template, name="template"),
]
