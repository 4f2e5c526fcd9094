"""`python -m compare.apart package.module:function`: do work for another process, until that one ends.

Each line of the standard input is an errand, a JSON object whose entries are the function's arguments. The function
yields answers, each of which is a line of the standard output; after the last one comes a line that says so.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any, TextIO

Work = Callable[..., Iterator[dict[str, Any]]]


def serve(work: Work, errands: TextIO, answers: TextIO) -> None:
    """Do each errand in turn; where one fails, the answer says why."""
    for line in errands:
        end: dict[str, Any] = {"done": True}
        try:
            for answer in work(**json.loads(line)):
                print(json.dumps({"answer": answer}), file=answers, flush=True)
        except Exception:  # whatever it is: the one that asked must be told
            end = {"failed": traceback.format_exc()}
        print(json.dumps(end), file=answers, flush=True)


def main(name: str) -> None:
    """Set up Django on settings of a shop apart, and serve."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "compare.apart.settings"
    import django

    django.setup()
    from django.utils.module_loading import import_string

    work = import_string(name.replace(":", "."))
    # What anything prints is no answer.
    answers, sys.stdout = sys.stdout, sys.stderr
    serve(work, sys.stdin, answers)
    if "APART_SHARED" not in os.environ:
        shutil.rmtree(os.environ["APART_FOLDER"], ignore_errors=True)  # the one that started this may have been killed


if __name__ == "__main__":
    main(sys.argv[1])
