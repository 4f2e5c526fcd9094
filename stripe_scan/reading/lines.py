"""Line numbers of places in a text."""

from __future__ import annotations

from bisect import bisect_right


class Lines:
    """Finds the line of a place, from a list of where lines begin that is made once."""

    def __init__(self, text: str, first: int = 1) -> None:
        self.first = first
        self.starts = [0]
        place = text.find("\n")
        while place >= 0:
            self.starts.append(place + 1)
            place = text.find("\n", place + 1)

    def of(self, place: int) -> int:
        """Return the number of the line that a place is in."""
        return bisect_right(self.starts, place) - 1 + self.first


def blank(text: str, start: int, end: int) -> str:
    """Return a part of a text as spaces, with its line ends kept."""
    return "\n".join(" " * len(line) for line in text[start:end].split("\n"))
