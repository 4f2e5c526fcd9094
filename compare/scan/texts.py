"""What the page says of an upload that is refused, and of a file that is not read."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stripe_scan import archives, files, scanning

# By the reasons of `stripe_scan.apart` and of the form.
REFUSALS: dict[str, Promise] = {
    "no-file": _("Choose a zip file first."),
    "nothing-pasted": _("Paste some code first."),
    "body": _("The upload is larger than 1 MB."),
    "no-archive": _("This is not a zip file that can be read: pack the project's folder as a zip and try again."),
    "nothing-to-read": _("The zip has no file that the scanner reads; archives inside of it stay packed."),
    "too-many": _("The zip has more than 500 files that the scanner would read."),
    "too-large": _("Unpacked, the files that the scanner would read are larger than 1 MB."),
    "no-text": _("What was pasted is not text."),
    "time": _("Reading took longer than two seconds, so it was stopped."),
    "findings": _("There are more than 5,000 findings, too many for a page."),
    "broken": _("The scan ended without a result."),
    "busy": _("Other scans are under way: try again in a few seconds."),
    "keys": _("This site has the keys of a Stripe account: only its staff can scan code here."),
}
# These are no fault of the code that was sent: it may be sent again as it is.
STATUS = {"body": 413, "too-many": 413, "too-large": 413, "time": 413, "findings": 413, "busy": 503, "keys": 403}
# Where the command line has no limit of that kind, it is the way to go on.
BY_COMMAND_LINE = {"body", "too-many", "too-large", "time", "findings", "broken", "keys"}

# Why a file of an archive is not read.
UNREAD: dict[str, Promise] = {
    archives.ENCRYPTED: _("encrypted"),
    archives.IS_LINK: _("a symbolic link"),
    archives.OUTSIDE: _("its name leads out of the archive"),
    archives.LONG_NAME: _("its name is too long"),
    archives.SAME_NAME: _("another file has the same name"),
    archives.DAMAGED: _("damaged"),
    archives.COMPRESSION: _("compressed by another method than deflate"),
    files.NOT_A_TEXT: _("not text"),
    files.TOO_LARGE: _("larger than 1 MB"),
    scanning.OUT_OF_TIME: _("two seconds were over"),
}
