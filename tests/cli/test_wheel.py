"""The built package: it holds what a page, the policy and the demo need, and works away from its working tree."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from shuangkong.web.site.assets import LIBRARIES

ROOT = Path(__file__).parents[2]
BUILD = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d"]
#: What the installed package is asked: where it is, a static file, its policy, its demo.
ASKED = """
import sys
from pathlib import Path
import shuangkong
assert Path(shuangkong.__file__).is_relative_to(sys.argv[1]), shuangkong.__file__
from shuangkong.cli import main
assert main(["policy", "check"]) == 0
assert main(["demo", "--no-serve"]) == 0
from django.test import Client
for path in sys.argv[2:]:
    assert Client().get(f"/static/{path}").status_code == 200, path
assert main(["docs", "--check"]) == 2
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    if not (ROOT / "node_modules").is_dir():
        pytest.skip("no node_modules: the package was not built")
    subprocess.run([*BUILD, str(folder)], cwd=ROOT, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    with ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_works_away_from_its_tree(unpacked: Path, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SHUANGKONG_")}
    environment |= {"PYTHONPATH": str(unpacked), "SHUANGKONG_HOSTS": "testserver"}
    asked = [sys.executable, "-c", ASKED, str(unpacked), *LIBRARIES]
    told = subprocess.run(
        asked, cwd=tmp_path, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert (tmp_path / "var" / "shuangkong.sqlite3").is_file()


def test_every_library_comes_with_its_licence(unpacked: Path) -> None:
    libraries = {source.split("/")[0] for source in LIBRARIES.values()}
    assert all((unpacked / "shuangkong" / "_libraries" / name / "LICENSE").is_file() for name in libraries)


def test_no_wheel_is_built_without_browser_libraries(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "README.md", "LICENSE", "src", "policy", "demo", "tools"):
        (tmp_path / name).symlink_to(ROOT / name)
    told = subprocess.run([*BUILD, str(tmp_path / "dist")], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.returncode != 0
    assert "echarts" in told.stdout + told.stderr
    assert not list(tmp_path.glob("dist/*.whl"))
