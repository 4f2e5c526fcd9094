"""`python -m stripe_scan PATH` and `stripe-scan PATH`: find old Stripe code in a project."""

from __future__ import annotations

import io
import sys

if __name__ == "__main__":
    # The folder that this is run in may be the scanned project: nothing is imported from there.
    sys.path[:1] = [__file__.rpartition("stripe_scan")[0].rstrip("/\\") or "."]


def main() -> None:
    """Run the command line; an older Python, whose syntax this file is, gets the sentence that says so."""
    if sys.version_info < (3, 11):
        sys.exit("stripe-scan needs Python 3.11 or newer; the code that it reads may be of any version.")
    from stripe_scan import cli

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        code = cli.main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # `| head`
        sys.stderr.close()
        code = 1
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
