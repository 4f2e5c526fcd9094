#!/usr/bin/env python3
"""Django's command line for this project. `python3 run.py` is the shorter way to start."""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bbs_project.settings")
    import django
    from django.conf import settings
    from django.core.management import execute_from_command_line
    from django.core.management.base import CommandParser, handle_default_options
    from django.utils.autoreload import DJANGO_AUTORELOAD_ENV

    from bbs_project.startup import check_settings, one_sentence, sandbox_alone

    with one_sentence():
        if sys.argv[1:2] == ["sandbox"]:
            sandbox_alone()
        # Django does the same, but only after the settings are read here.
        options = CommandParser(add_help=False, allow_abbrev=False)
        options.add_argument("--settings")
        options.add_argument("--pythonpath")
        handle_default_options(options.parse_known_args(sys.argv[2:])[0])
        if sys.argv[1:2] == ["serve"] and settings.DEBUG:
            sys.argv[1] = "runserver"  # reloads the code
        unchecked = {"--noreload", "--skip-checks"}.isdisjoint(sys.argv) and DJANGO_AUTORELOAD_ENV not in os.environ
        if sys.argv[1:2] == ["runserver"] and unchecked:
            # The reloader's thread would print a traceback, and wait for an edit of the code.
            django.setup()
            check_settings()
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
