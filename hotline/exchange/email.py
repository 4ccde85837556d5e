"""E-mail through the server of EMAIL_URL."""

from __future__ import annotations

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage

from hotline.exchange.delivery import Envelope, Permanent, Transient


class EmailAdapter:
    def send(self, envelope: Envelope) -> None:
        """The key is the Message-ID, so that a letter sent twice is shown once by mail programs and
        can be told by servers."""
        sender = settings.DEFAULT_FROM_EMAIL
        domain = sender.rpartition("@")[2].rstrip(">")
        message = EmailMessage(
            envelope.subject,
            envelope.text,
            sender,
            [envelope.address],
            headers={"Message-ID": f"<{envelope.key.replace(':', '.')}@{domain}>"},
        )
        try:
            message.send()
        except smtplib.SMTPRecipientsRefused as refused:
            code = max(code for code, _ in refused.recipients.values())
            raise _refusal(code) from None  # the error names the address
        except smtplib.SMTPAuthenticationError:
            raise Transient("邮件服务器不认可账号或密码") from None
        except smtplib.SMTPResponseException as refused:
            raise _refusal(refused.smtp_code) from None
        except OSError as error:  # also every other error of smtplib
            raise Transient(f"邮件服务器无法连接（{type(error).__name__}）") from None


def _refusal(code: int) -> Transient | Permanent:
    if code >= 500:
        return Permanent(f"邮件服务器拒收（{code}），请核对邮箱地址")
    return Transient(f"邮件服务器暂不接收（{code}）")
