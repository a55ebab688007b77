"""Makes the demo's facts anew from public documents and data that are not part of the project.

    python demo/build.py FOLDER      FOLDER holds plans/*.txt, data/*.csv and data/geo/*.geojson

Of a plan only facts are kept: names, headings, numbers, places in the document (see ``wordless``). The script refuses
to write anything else that repeats more than a dozen characters of the document. Of the data only published bulletins
are taken, each row with its source.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from wordless import Quotations, names_in, wordless

from shuangkong.plans.audit import Catalogue, audit
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan
from shuangkong.plans.reading_json import encode, to_json
from shuangkong.rulebook import open_rulebook

HERE = Path(__file__).resolve().parent
#: Region code → file of its outlines.
MAPS = {
    "100000": "china_provinces",
    "210000": "liaoning_cities",
    "510000": "sichuan_cities",
    "500000": "chongqing_counties",
}
COLUMNS = ["指标", "对象", "时期", "数值", "单位", "口径", "状态", "来源"]
BULLETIN = "国家统计局、国家发展改革委、国家能源局：分省（区、市）万元地区生产总值能耗降低率等指标公报"

#: Letter in the data file → where the figure was read; the bulletin itself was not at hand.
READ_AT = {
    "A": "据博研咨询网页摘录",
    "B": "据消费日报2018年7月25日",
    "C": "据2021年8月公报转载页",
    "D": "据新华社2016年4月20日",
}


def plan_facts(path: Path) -> dict[str, Any]:
    """What the reader finds in a plan, without the plan's sentences."""
    text = path.read_text(encoding="utf-8")
    book = open_rulebook()
    document = Document(path.name, Medium.TXT, text)
    reading = read_plan(document, book.lexicon())
    read = to_json(reading)
    found = wordless(read)
    quotations = Quotations(text, names_in(read))
    catalogue = Catalogue.of(book.checks("plans"), book.lexicon(), reading.head.issued_on or date.today())  # noqa: DTZ011
    found["findings"] = [finding(encode(each), quotations) for each in audit(reading, document, catalogue)]
    if faults := list(quotations.faults(found)):
        sys.exit(f"{path.name} repeats the document:\n" + "\n".join(faults))
    return found


def finding(plain: dict[str, Any], quotations: Quotations) -> dict[str, Any]:
    """A finding is ours, but may quote: what it quotes is shortened, a ground that only quotes is left to its spans."""
    plain["message"] = {language: quotations.shortened(said) for language, said in plain["message"].items()}
    ground = plain["ground"]
    if ground and any("「" in said or quotations.places(said) for said in ground.values()):
        plain["ground"] = None
    return plain


def bulletin_rows(path: Path) -> Iterator[list[str]]:
    """Yearly changes by province: intensity, consumption, electricity intensity, as published."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    names = {
        "energy_intensity_change_pct": "单位地区生产总值能耗",
        "energy_consumption_growth_pct": "能源消费总量",
        "electricity_intensity_change_pct": "单位地区生产总值电耗",
    }
    for row in csv.DictReader(lines):
        for key, name in names.items():
            if row[key] and row["region_code"] != "000000":
                read_at = "、".join(READ_AT[letter] for letter in row["source"])
                source = f"{BULLETIN}（{row['year']}年度），{read_at}，未与公报原文核对"
                yield [name, row["region_code"], row["year"], row[key], "%", "比上年变化", "最终", source]


def write_rows(path: Path, rows: Iterator[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def small_map(path: Path, codes: dict[str, str]) -> str:
    """Outlines to 2 decimals (about 1 km), every feature with the code of its region."""
    shapes = json.loads(path.read_text(encoding="utf-8"))
    features = []
    for shape in shapes["features"]:
        name, told = shape["properties"]["name"], shape["properties"]
        code = str(shape.get("id") or told.get("id") or codes.get(name, ""))
        geometry = shape["geometry"] | {"coordinates": rounded(shape["geometry"]["coordinates"])}
        properties = {"id": code, "name": name, "cp": told["cp"]}
        features.append({"type": "Feature", "id": code, "properties": properties, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))


def rounded(value: Any) -> Any:
    """Coordinates rounded; points that fall together are kept once, rings too small to see are left out."""
    if isinstance(value[0], int | float):
        return [round(each, 2) for each in value]
    parts = [rounded(each) for each in value]
    if isinstance(parts[0][0], int | float):
        return [each for n, each in enumerate(parts) if n == 0 or each != parts[n - 1]]
    kept = [part for part in parts if len(part) > 3 or isinstance(part[0][0], list)]
    return kept or parts[:1]


def main(folder: Path) -> None:
    for path in sorted((folder / "plans").glob("*.txt")):
        facts = json.dumps(plan_facts(path), ensure_ascii=False, indent=0, separators=(",", ":"))
        (HERE / "plans" / f"{path.stem}.json").write_text(facts + "\n", encoding="utf-8")
    data = folder / "data"
    bulletins = data / "province_energy_intensity_change_2015_2020.csv"
    write_rows(HERE / "figures" / "province-bulletins.csv", bulletin_rows(bulletins))
    regions = open_rulebook().regions(date(2018, 1, 1)).values()
    for code, name in MAPS.items():
        codes = {region.name: region.code for region in regions if region.parent == code}
        outlines = small_map(data / "geo" / f"{name}.geojson", codes)
        (HERE / "maps" / f"{code}.geojson").write_text(outlines, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
