"""The comparison pages: what changed between the two flows, taught from the code that runs here.

Nothing on them may drift from the truth. Code is read from the running modules, error texts are what the SDK and
Stripe's API answered in a test, and every claim carries the page or the test that shows it.
"""
