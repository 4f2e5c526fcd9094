"""A shop apart: in a process, on a database and with a Stripe account of its own, where nothing meets a visitor's.

`Process` starts that process, from a request, a command or a test, and asks it for work. There, `shop.open_shop`
opens a new shop as often as the work wants one: a database with the samples alone, and a sandbox account with keys
of its own. Limits are off, mails go nowhere, and Stripe's events are handed out: the work posts them.

The process is this project again, on settings of its own (`settings`), which do not depend on those of the site: it
uses the sandbox's code and neither its database nor the site's, needs no port, and ends with the one that started it.
"""
