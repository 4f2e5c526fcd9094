"""The API: from a request to its answer, whichever resource it asks for."""

from __future__ import annotations
