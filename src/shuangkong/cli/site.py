"""Opens the site's database for a command: settings, migrations; nothing more is imported than is needed."""

from __future__ import annotations

import os


def open_site() -> None:
    """Makes Django ready and the database current. Quick where it already is."""
    name_settings()
    import django

    django.setup()
    migrate()
    fill_register()


def name_settings() -> None:
    """Says which settings are those of the site; enough for who asks them and opens no database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuangkong.web.site.settings")


def fill_register() -> None:
    """Regions for a register that has none: without them no plan and no figure finds its place."""
    from shuangkong.records.registry import store as registry

    if registry.is_empty():
        from shuangkong.cli.regions import listed_regions

        registry.save_regions(listed_regions())


def migrate() -> None:
    """Brings the database to the newest migrations."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
