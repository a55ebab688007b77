"""What several tests of a module ask of and none changes for another: filled once, gone after the last of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker


@contextmanager
def kept(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is made within stands for every test of the module; what a test itself does is undone after it.

    A fixture of the module that asks for ``django_db_setup`` and ``django_db_blocker`` yields within; every test of
    that module then begins with it, also one that does not ask for it.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
