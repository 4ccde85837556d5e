"""Is every part alive?"""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.utils import timezone

from hotline.celery import app
from hotline.models import Heartbeat
from routing.actions import ModelMissing, active_predictor

# Beat sends a sign of life every 5 seconds, which a worker writes down.
LATEST_SIGN = dt.timedelta(seconds=30)


def parts_alive() -> dict[str, str]:
    """For each of database, broker, worker, beat, model: "ok" or what is wrong."""
    return {
        "database": _database(),
        "broker": _broker(),
        "worker": _worker(),
        "beat": _beat(),
        "model": _model(),
    }


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _broker() -> str:
    try:
        with app.connection_for_read() as link:
            link.ensure_connection(max_retries=1, timeout=2)
    except (OSError, app.connection_for_read().recoverable_connection_errors) as error:
        return f"无法连接消息队列（{type(error).__name__}）"
    return "ok"


def _worker() -> str:
    """A worker answered a ping, or wrote a sign of life a moment ago."""
    try:
        answers = app.control.inspect(timeout=1.0, limit=1).ping()
    except (OSError, app.connection_for_read().recoverable_connection_errors):
        return "消息队列不通，无法询问任务执行进程"
    return "ok" if answers else "没有任务执行进程应答"


def _beat() -> str:
    sign = Heartbeat.objects.filter(name="worker").first()
    if sign is None:
        return "定时调度尚未工作"
    age = timezone.now() - sign.at
    return "ok" if age < LATEST_SIGN else f"定时调度最近一次工作在 {age.seconds} 秒前"


def _model() -> str:
    try:
        active_predictor()
    except ModelMissing as error:
        return str(error)
    return "ok"
