"""The request log: every recorded request and webhook of a payment, as a list and as a diagram."""
