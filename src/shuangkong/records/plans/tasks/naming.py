"""任务名称: the one name by which pages, papers and programmes tell a task from every other."""

from __future__ import annotations

from shuangkong.records.plans.tasks.rows import TaskRow


def told_name(task: TaskRow) -> str:
    """Enterprise, title and period: 某公司：排口整治, 公布完成情况（2031）. Its number stands before it."""
    subject = f"{task.subject}：" if task.subject else ""
    return f"{subject}{task.title}" + (f"（{task.period}）" if task.period else "")
