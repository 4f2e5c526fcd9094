"""The ASGI entry point. Application servers skip Django's system checks, so the payment ones are run here."""

from __future__ import annotations

import io
import os

from django.core.asgi import get_asgi_application
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bbs_project.settings")

application = get_asgi_application()
call_command("check", "--tag", "payments", stdout=io.StringIO())  # it speaks only to complain
