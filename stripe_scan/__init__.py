"""A scanner for old Stripe code in other people's projects, and the catalogue of that code.

Needs the standard library alone: neither Django nor settings, and none of this repository's other parts.
"""
