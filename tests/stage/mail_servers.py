"""Mail servers that fail, for Django itself to meet."""

from __future__ import annotations

from collections.abc import Sequence

import django
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class Down(BaseEmailBackend):
    """Nobody listens on the mail server's port."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        raise ConnectionRefusedError(111, "Connection refused")


class Broken(BaseEmailBackend):
    """A fault in the code that sends mail, whose text quotes the address."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        raise RuntimeError(f"{messages[0].to[0]} cannot be written to")


def use_mail_backend(settings: object, path: str) -> None:
    """Send mail through another backend, in the settings that this Django reads."""
    if django.VERSION >= (6, 1):
        settings.MAILERS = {"default": {"BACKEND": path}}
    else:
        settings.EMAIL_BACKEND = path
