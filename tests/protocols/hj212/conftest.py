"""What every test of HJ 212 starts from: the code lists, and the published vectors."""

from __future__ import annotations

import pytest
from hj212_frames import CODES

from shuangkong.protocols.hj212.codes import Codes


@pytest.fixture(scope="session")
def codes() -> Codes:
    return CODES
