"""报表政策的核对: what of forms, checks and evidence of every layer cannot be used, checked with the whole folder."""

from __future__ import annotations

from shuangkong.policyfile.whole import WholeCheck
from shuangkong.reporting.checks.examined import check_catalogue
from shuangkong.reporting.evidence import check_evidence
from shuangkong.reporting.forms.book import check_forms
from shuangkong.reporting.forms.sharing import check_shared
from shuangkong.reporting.forms.taken import check_taken

REPORTING_CHECKS: tuple[WholeCheck, ...] = (check_forms, check_shared, check_taken, check_catalogue, check_evidence)
