"""Why an action was not carried out, in words for who pressed the button."""

from __future__ import annotations

from hotline.models import Ticket


class ActionRefused(Exception):
    """Nothing was changed. The message says why and what to do."""


class LostRace(ActionRefused):
    """The ticket changed after it was read."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(
            f"工单 {ticket} 刚刚已被他人处理，您的操作没有执行。请刷新页面，按最新状态再处理。"
        )


class WrongInput(ActionRefused):
    """A field is missing or impossible. `field` names it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class KeyReused(ActionRefused):
    """The same idempotency key came with another request."""

    def __init__(self) -> None:
        super().__init__("同一个幂等键已用于另一份内容不同的请求；新的请求请使用新的键。")
