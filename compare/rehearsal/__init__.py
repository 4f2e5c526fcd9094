"""The rehearsal of a migration: visitors with all that goes wrong, while the share of the modern flow goes up and back.

It happens apart (`compare.apart`): on processes, a database and a sandbox account of its own. `rehearsing` starts it
and follows it, from `manage.py rehearse_migration` or from its page; `work` is what those processes do.
"""
