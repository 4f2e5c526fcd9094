"""How a time is written by default: as everywhere in its language, to the second, and with its zone.

https://docs.djangoproject.com/en/5.2/topics/i18n/formatting/#creating-custom-format-files
"""
