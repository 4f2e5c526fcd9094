"""The command `stripe-sandbox`, also `python -m stripe_sandbox`: the sandbox alone, with settings of its own."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Serve until stopped. Whatever project's settings the environment names, they are not these."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "stripe_sandbox.alone.settings"
    try:
        import django

        django.setup()
        from stripe_sandbox.management.commands.sandbox import Command
    except ModuleNotFoundError as missing:
        sys.exit(
            f"stripe-sandbox needs the package {missing.name}: install it with its extra, "
            "as in pip install 'PATH[sandbox]', in an environment of its own."
        )

    Command().run_from_argv(["stripe-sandbox", "", *sys.argv[1:]])


if __name__ == "__main__":
    main()
