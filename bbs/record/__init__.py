"""The record: what was said on the wire about each payment, masked before it is stored.

models.py    a WireMessage: one request and its answer
masking.py   what must not be stored, and what stands in its place
rows.py      from a request and an answer to a WireMessage
recorder.py  gathers and stores them; whatever goes wrong in it, the payment goes on
"""
