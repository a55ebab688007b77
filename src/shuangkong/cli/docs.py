"""生成文档：词汇表、检查目录等由政策文件画出 (write the generated pages anew; --check says which are out of date)."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shuangkong.cli.opening import policy_folder
from shuangkong.cli.refusal import CommandRefused
from shuangkong.core.check import Check
from shuangkong.monitoring.alarms.life import page as alarm_life_page
from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.outlook.barometer.rule_book import rules
from shuangkong.outlook.history.page import history_page
from shuangkong.outlook.history.published_book import LEVELS, history
from shuangkong.outlook.history.reproducing import reproduce
from shuangkong.policyfile.books import NATION
from shuangkong.policyfile.glossary import glossary_page, read_glossary
from shuangkong.protocols.hj212.page import exchange_page
from shuangkong.reporting.checks.page import checks_page
from shuangkong.reporting.forms.page import forms_page
from shuangkong.reporting.life_page import life_page
from shuangkong.rulebook import Rulebook, open_rulebook

#: The installed package; its own copy of the policy lies directly in it.
PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class GeneratedPage:
    """``path`` from the repository's root; ``source`` from the policy folder: without it there is nothing to write."""

    path: str
    source: str
    write: Callable[[Rulebook], str]


def _glossary(rulebook: Rulebook) -> str:
    indicators = ((item.id, item.zh, item.en) for item in rulebook.indicators().values())
    return glossary_page(read_glossary(rulebook.folder), indicators)


def _plan_checks(rulebook: Rulebook) -> str:
    return "\n".join(_checks_page(rulebook.checks("plans"))) + "\n"


def _balance_checks(rulebook: Rulebook) -> str:
    return "\n".join(_checks_page(rulebook.checks("indicators/balance"))) + "\n"


def _monitoring_checks(rulebook: Rulebook) -> str:
    return "\n".join(_checks_page(rulebook.checks("monitoring"))) + "\n"


def _alarm_life(_rulebook: Rulebook) -> str:
    return alarm_life_page()


def _return_checks(rulebook: Rulebook) -> str:
    return checks_page(rulebook.return_checks())


def _barometer_history(rulebook: Rulebook) -> str:
    published, judged_by = history(rulebook.folder), rules(rulebook.folder, NATION)
    names: dict[str, str] = {}
    for table in published.tables:
        names |= {code: region.name for code, region in rulebook.regions(table.period.last_day).items()}
    return history_page(published, reproduce(published, judged_by), judged_by, names)


def _hj212_exchanges(rulebook: Rulebook) -> str:
    return exchange_page(hj212_codes(rulebook.folder))


def _forms(rulebook: Rulebook) -> str:
    return forms_page(over_time[-1] for over_time in rulebook.forms().over_time.values() if over_time)


SEVERITIES = {"must_fix": "必须改正", "must_explain": "必须说明", "notice": "提示"}


def _checks_page(checks: tuple[Check, ...]) -> Iterator[str]:
    yield "# 检查目录 · Catalogue of checks"
    yield ""
    yield "由政策文件生成（`shuangkong docs`），请勿手改。"
    yield "Generated from the policy files by `shuangkong docs`; do not edit."
    yield ""
    yield f"共 {len(checks)} 项。{len(checks)} checks."
    yield from ("", "| 编号 | 轻重 severity | 名称 title | 怎么说 message |", "|---|---|---|---|")
    for check in checks:
        severity = f"{SEVERITIES[check.severity]} `{check.severity}`"
        title = f"{check.title.zh}<br>{check.title.en}"
        message = f"{check.message.zh}<br>{check.message.en}"
        yield f"| {check.code} | {severity} | {_cell(title)} | {_cell(message)} |"


def _cell(text: str) -> str:
    """Text as it may stand in a cell of a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ").strip()


#: The pages drawn from policy. Another one is one row here.
PAGES: tuple[GeneratedPage, ...] = (
    GeneratedPage("GLOSSARY.md", "glossary.yaml", _glossary),
    GeneratedPage("docs/checks.md", "national/plans/checks.yaml", _plan_checks),
    GeneratedPage("docs/balance-checks.md", "national/indicators/balance/checks.yaml", _balance_checks),
    GeneratedPage("docs/monitoring-checks.md", "national/monitoring/checks.yaml", _monitoring_checks),
    GeneratedPage("docs/alarm-life.md", "national/monitoring/escalation/alarm_levels.yaml", _alarm_life),
    GeneratedPage("docs/barometer-history.md", LEVELS, _barometer_history),
    GeneratedPage("docs/hj212-exchanges.md", "national/codes/hj212/commands.yaml", _hj212_exchanges),
    GeneratedPage("docs/reporting-checks.md", "national/reporting/checks/return_cell.yaml", _return_checks),
    GeneratedPage("docs/life-of-a-return.md", "glossary.yaml", lambda _: life_page()),
    GeneratedPage("docs/forms.md", "national/reporting/forms/energy_purchase.yaml", _forms),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--check", action="store_true", help="只检查是否过期，不写文件 (only say which are out of date)"
    )
    parser.add_argument("--policy", type=Path, metavar="FOLDER", help="政策文件夹（默认自动查找）")
    parser.add_argument("--into", type=Path, metavar="FOLDER", help="写入的根目录（默认政策文件夹的上级）")


def run(args: argparse.Namespace) -> int:
    """0 fresh or written, 1 out of date."""
    rulebook = open_rulebook(policy_folder(args.policy))
    root = args.into or rulebook.folder.root.parent
    if root == PACKAGE:
        raise CommandRefused(
            "CLI-006",
            "这是安装好的程序，没有可生成的文档：应在源代码的文件夹里运行，或用 --into 指明写到哪里。",
            "This is an installed program and keeps no pages: expected a working tree. Run it there, or name a folder"
            " with --into.",
        )
    pages = [(page, page.write(rulebook)) for page in PAGES if rulebook.folder.has(page.source)]
    old = [(root / page.path, text) for page, text in pages if not _is_fresh(root / page.path, text)]
    for path, text in old:
        if args.check:
            print(f"{path}：已过期，请运行 shuangkong docs。Out of date: run shuangkong docs.")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"{path}：已写入。Written.")
    return 1 if args.check and old else 0


def _is_fresh(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text
