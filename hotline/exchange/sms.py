"""Text messages through the gateway of SMS_URL."""

from __future__ import annotations

import requests
from django.conf import settings

from hotline.exchange.delivery import Envelope, Permanent, Transient

# Seconds to connect, and to wait for each piece of the answer.
TIMEOUTS = (5.0, 10.0)
# Refusals that say nothing against the message: the token, a repetition still in work, too many.
_NOT_THE_MESSAGE = frozenset({401, 403, 408, 409, 425, 429})


class SmsAdapter:
    def send(self, envelope: Envelope) -> None:
        """POST {"to", "text"}; the gateway takes one Idempotency-Key once."""
        headers = {"Idempotency-Key": envelope.key}
        if settings.SMS_TOKEN:
            headers["Authorization"] = f"Bearer {settings.SMS_TOKEN}"
        try:
            with requests.post(
                settings.SMS_URL,
                json={"to": envelope.address, "text": envelope.text},
                headers=headers,
                timeout=TIMEOUTS,
                allow_redirects=False,
                stream=True,  # the answer's words are not read: an endless one holds nobody
            ) as answer:
                code = answer.status_code
        except requests.Timeout:
            raise Transient("短信网关没有按时应答") from None
        except requests.RequestException as error:
            raise Transient(f"短信网关无法连接（{type(error).__name__}）") from None
        if 200 <= code < 300:
            return
        if 400 <= code < 500 and code not in _NOT_THE_MESSAGE:
            raise Permanent(f"短信网关拒收（{code}），请核对手机号码")
        if code in (401, 403):
            raise Transient(f"短信网关不认可访问令牌（{code}）")
        raise Transient(f"短信网关暂不可用（{code}）")
