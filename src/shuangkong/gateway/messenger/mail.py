"""电子邮件: one plain text a letter, by Django's mail over the operator's SMTP server."""

from __future__ import annotations

from email.utils import parseaddr
from hashlib import sha256
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import unquote, urlsplit

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from shuangkong.gateway.messenger.post import PATIENCE
from shuangkong.records.plans.reminders.channels import Setup
from shuangkong.records.plans.reminders.letters import Letter, Outcome, Receipt

MOST = 200
#: From this reply code on a server will not take the letter later either (RFC 5321, 4.2.1).
_FOR_GOOD = 500


class MailServer:
    """One SMTP server."""

    most = MOST

    def __init__(self, setup: Setup) -> None:
        self.setup = setup

    def deliver(self, letter: Letter) -> Receipt:
        server = self._server()
        try:
            server.open()
        except (SMTPException, OSError) as fault:
            return Receipt(Outcome.WAITING, f"连接不上 Not reached: {type(fault).__name__} {fault}")
        try:
            server.send_messages([self._mail(letter)])
        except SMTPRecipientsRefused as fault:
            code, said = next(iter(fault.recipients.values()))
            return _refused(code, said)
        except SMTPResponseException as fault:
            return _refused(fault.smtp_code, fault.smtp_error)
        except (SMTPException, OSError) as fault:
            return Receipt(Outcome.DOUBTFUL, f"没有等到答复 No answer: {type(fault).__name__} {fault}")
        finally:
            _close(server)
        return Receipt(Outcome.DELIVERED, "250")

    def _server(self) -> EmailBackend:
        parts = urlsplit(self.setup.url)
        return EmailBackend(
            alias="reminders",
            host=parts.hostname,
            port=parts.port or (465 if parts.scheme == "smtps" else 25),
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            use_tls=parts.scheme == "smtp+starttls",
            use_ssl=parts.scheme == "smtps",
            timeout=PATIENCE,
        )

    def _mail(self, letter: Letter) -> EmailMessage:
        """The number is made of the key: whoever keeps letters sees that two of one key are one."""
        host = parseaddr(self.setup.sender)[1].rpartition("@")[2]
        number = f"<{sha256(letter.key.encode()).hexdigest()[:32]}@{host}>"
        headers = {"Message-ID": number, "Auto-Submitted": "auto-generated"}
        text = "\n".join([*letter.lines, "", letter.link]).rstrip() + "\n"
        return EmailMessage(letter.subject, text, self.setup.sender, [letter.to], headers=headers)


def _refused(code: int, said: bytes | str) -> Receipt:
    told = said.decode(errors="replace") if isinstance(said, bytes) else said
    return Receipt(Outcome.REFUSED if code >= _FOR_GOOD else Outcome.WAITING, f"{code} {told}")


def _close(server: EmailBackend) -> None:
    """What became of the letter is known by now: a bad farewell changes nothing of it."""
    try:
        server.close()
    except (SMTPException, OSError):
        server.connection = None
