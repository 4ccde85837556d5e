"""Errors as RFC 9457 problem+json."""

from __future__ import annotations

from typing import Any

from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from hotline.actions.errors import ActionRefused, KeyReused, LostRace, WrongInput
from hotline.permissions import NotAllowed
from hotline.rules.workflow import IllegalMove

_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (KeyReused, status.HTTP_422_UNPROCESSABLE_ENTITY),
    (WrongInput, status.HTTP_422_UNPROCESSABLE_ENTITY),
    (LostRace, status.HTTP_409_CONFLICT),
    (IllegalMove, status.HTTP_409_CONFLICT),
    (ActionRefused, status.HTTP_409_CONFLICT),
    (NotAllowed, status.HTTP_403_FORBIDDEN),
)
_TITLES = {
    400: "请求格式有误",
    401: "需要身份凭证",
    403: "没有权限",
    404: "没有找到",
    405: "不支持这种请求方法",
    406: "不支持所要求的格式",
    409: "与当前状态冲突",
    413: "请求过大",
    415: "不支持这种内容类型",
    422: "内容不符合要求",
    429: "请求过于频繁",
}


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every error of the API: {"type", "title", "status", "detail", "errors"?}."""
    for kind, code in _STATUS:
        if isinstance(error, kind):
            field = getattr(error, "field", None)
            errors = [{"field": field, "message": str(error)}] if field else []
            return _problem(code, str(error), errors)
    answer = exception_handler(error, context)
    if answer is None:
        return None
    if isinstance(error, ValidationError):
        problem = _problem(
            status.HTTP_422_UNPROCESSABLE_ENTITY,
            "请按所列各项修改后重新提交。",
            _flatten(error.detail),
        )
    else:
        detail = error.detail if isinstance(error, APIException) else str(error)
        problem = _problem(answer.status_code, str(detail))
    for name in ("WWW-Authenticate", "Retry-After", "Allow"):
        if name in answer:
            problem[name] = answer[name]
    return problem


def _problem(code: int, detail: str, errors: list[dict[str, str]] | None = None) -> Response:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": _TITLES.get(code, "出错"),
        "status": code,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    return Response(body, status=code, content_type="application/problem+json")


def _flatten(detail: Any, path: str = "") -> list[dict[str, str]]:
    if isinstance(detail, dict):
        return [
            row
            for name, inner in detail.items()
            for row in _flatten(inner, f"{path}.{name}" if path else str(name))
        ]
    if isinstance(detail, list):
        return [row for inner in detail for row in _flatten(inner, path)]
    return [{"field": path, "message": str(detail)}]
