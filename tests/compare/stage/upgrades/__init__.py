"""Databases as versions before 0.2 made them, to be migrated by this one.

`bbs/` and `stripe_sandbox/` hold the migrations of that time as they were; `settings.py` runs them, and `fill.py`
writes rows by their models.
"""
