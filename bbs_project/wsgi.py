"""The WSGI entry point. Application servers skip Django's system checks, so the payment ones are run here."""

from __future__ import annotations

import io
import os

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bbs_project.settings")

application = get_wsgi_application()
call_command("check", "--tag", "payments", stdout=io.StringIO())  # it speaks only to complain
