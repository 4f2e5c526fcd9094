"""The ASGI entry point. Application servers skip Django's system checks, so the payment ones are run here."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

from bbs_project.startup import check_settings, one_sentence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bbs_project.settings")

with one_sentence():
    application = get_asgi_application()
    check_settings()
