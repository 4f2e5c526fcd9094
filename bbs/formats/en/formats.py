from __future__ import annotations

DATETIME_FORMAT = "N j, Y H:i:s T"
