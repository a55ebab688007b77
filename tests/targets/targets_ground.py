"""What tests of targets share: the catalogue of checks."""

from __future__ import annotations

from shuangkong.policyfile import books
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.rulebook import policy_root

CHECKS = {check.code: check for check in books.checks(PolicyFolder(policy_root()), "targets")}
