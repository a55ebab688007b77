"""The law on a day in a place: which layer is asked, and what makes that ambiguous is refused."""

from __future__ import annotations

from datetime import date

import pytest

from shuangkong.policyfile.whole import check_whole
from shuangkong.rulebook import Rulebook

from .conftest import MakeFolder


def layer_text(level: str, region: str, parent: str, more: str = "") -> str:
    return f'name:\n  zh: 虚构\n  en: Invented\nlevel: {level}\nregion: "{region}"\nparent: {parent}\n{more}'


CITY = layer_text("city", "990100", "national")
COUNTY = layer_text("county", "990121", "yunshan", "from: 2018-01-01\nuntil: 2020-12-31\n")
LAYERS: dict[str, str | None] = {
    "yunshan/layer.yaml": CITY,
    "qingxi/layer.yaml": COUNTY,
    "proposal/layer.yaml": "name:\n  zh: 草案\n  en: Draft\nlevel: city\nparent: yunshan\ndraft: true\n",
}
#: (place, day, layer)
ASKED = [
    ("", date(2019, 1, 1), "national"),
    ("990000", date(2019, 1, 1), "national"),
    ("980121", date(2019, 1, 1), "national"),
    ("990100", date(2019, 1, 1), "yunshan"),
    ("990121", date(2017, 12, 31), "yunshan"),
    ("990121", date(2018, 1, 1), "qingxi"),
    ("990121", date(2020, 12, 31), "qingxi"),
    ("990121", date(2021, 1, 1), "yunshan"),
    ("990121/C30", date(2019, 1, 1), "qingxi"),
    ("990121104203", date(2019, 1, 1), "qingxi"),
    ("990122", date(2015, 12, 31), "yunshan"),  # in the list of that day
    ("990122", date(2025, 12, 31), "yunshan"),  # in the list no more: by its digits
]


@pytest.mark.parametrize(("place", "day", "layer"), ASKED)
def test_nearest_layer_in_force_is_asked(make_folder: MakeFolder, place: str, day: date, layer: str) -> None:
    assert Rulebook(make_folder(LAYERS).root).layer_of(place, day) == layer


def test_parent_of_the_list_outranks_the_digits(make_folder: MakeFolder) -> None:
    """A county directly under its province has no city above it, whatever its digits look like."""
    direct = {
        "national/codes/regions.csv": "code,name,level,parent,from,until\n990000,云外省,province,,2015-12-31,\n"
        "990100,云山市,city,990000,2015-12-31,\n990121,清溪区,county,990000,2015-12-31,\n",
        "yunshan/layer.yaml": CITY,
    }
    book = Rulebook(make_folder(direct).root)
    assert book.layer_of("990121", date(2016, 1, 1)) == "national"
    assert book.layer_of("990122", date(2016, 1, 1)) == "yunshan"


#: (changed layers, code, file)
FAULTS = [
    ({"yunshan/layer.yaml": CITY.replace('region: "990100"\n', "")}, "POL-055", "yunshan"),
    ({"yunshan/layer.yaml": CITY.replace("city", "nation")}, "POL-055", "yunshan"),
    ({"zhaoxi/layer.yaml": layer_text("city", "990100", "national")}, "POL-056", "zhaoxi"),
    ({"qingxi/layer.yaml": COUNTY.replace("990121", "980121")}, "POL-057", "qingxi"),
    ({"qingxi/layer.yaml": COUNTY.replace("yunshan", "proposal")}, "POL-057", "qingxi"),
    ({"yunshan/layer.yaml": CITY + "until: 2020-12-30\n"}, "POL-057", "qingxi"),
    ({"yunshan/layer.yaml": CITY + "from: 2018-01-02\n"}, "POL-057", "qingxi"),
    ({"yunshan/layer.yaml": CITY + "from: 2018-01-02\nuntil: 2018-01-01\n"}, "POL-024", "yunshan"),
    ({"proposal/layer.yaml": "name:\n  zh: 草案\n  en: Draft\nlevel: city\ndraft: true\n"}, "POL-004", "proposal"),
]


def test_sound_layers_are_accepted(make_folder: MakeFolder) -> None:
    assert check_whole(make_folder(LAYERS | {"zhaoxi/layer.yaml": None})) == ()


@pytest.mark.parametrize(("changes", "code", "file"), FAULTS)
def test_layers_that_leave_two_answers_are_refused(
    make_folder: MakeFolder, changes: dict[str, str | None], code: str, file: str
) -> None:
    found = {(finding.code, finding.place.split("/")[1]) for finding in check_whole(make_folder(LAYERS | changes))}
    assert (code, file) in found


def test_layers_one_after_another_do_not_clash(make_folder: MakeFolder) -> None:
    changes: dict[str, str | None] = {
        "yunshan/layer.yaml": CITY + "until: 2017-12-31\n",
        "zhaoxi/layer.yaml": CITY + "from: 2018-01-01\n",
        "qingxi/layer.yaml": COUNTY.replace("yunshan", "zhaoxi"),
    }
    folder = make_folder(LAYERS | changes | {"proposal/layer.yaml": None})
    assert check_whole(folder) == ()
    assert Rulebook(folder.root).layer_of("990100", date(2017, 12, 31)) == "yunshan"
    assert Rulebook(folder.root).layer_of("990100", date(2018, 1, 1)) == "zhaoxi"
