"""随录随算: results after a load: at once where little was told, by the clock otherwise."""

from __future__ import annotations

from shuangkong.records.facts.models import Load
from shuangkong.records.indicators.computing import Computed, compute
from shuangkong.records.indicators.computing_passes import is_under_way
from shuangkong.records.indicators.looking import latest

#: A load of more figures than this is left to the clock: whoever told them need not wait.
MOST_AT_ONCE = 2_000


def keep_up() -> Computed | None:
    """Computes what rests on loads not yet taken into account; None where the clock (`tick`) is left to do it.

    It is left to it where much was told, where everything is to be computed anew because rules have changed, and where
    somebody is computing: to begin would be to take over all that he has begun.
    """
    if _has_new_rules() or _waiting_figures() > MOST_AT_ONCE or is_under_way():
        return None
    done = compute()
    return None if done.is_overtaken else done


def _has_new_rules() -> bool:
    last = latest()
    return last is not None and last.has_new_rules


def _waiting_figures() -> int:
    rows = Load.objects.filter(computed__isnull=True).values_list("rows_new", "rows_changed")
    return sum(new + changed for new, changed in rows)
