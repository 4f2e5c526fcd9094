"""What a webhook reads and writes, in the SQL of SQLite and PostgreSQL alike.

Webhooks come by the hundred, and a third of the time of each was Django's putting these statements together; on SQLite,
all others wait meanwhile. A column that is added to one of these tables needs a place here, or a `db_default`.
"""

from __future__ import annotations

BY_REFERENCE = 'SELECT * FROM "bbs_payment" WHERE "reference" = %s'
STORE = """INSERT INTO "bbs_webhookevent"
    ("id", "type", "payload", "payment_id", "received_at", "processed_at", "error")
    VALUES (%s, %s, %s, %s, %s, %s, '')
"""
# The one UPDATE that decides who makes a payment paid. What is not known (NULL) stays as it is.
PAY = """UPDATE "bbs_payment" SET
    "status" = 'paid', "failure" = '', "paid_at" = %s,
    "checkout_session_id" = COALESCE(%s, "checkout_session_id"),
    "payment_intent_id" = COALESCE(%s, "payment_intent_id"),
    "charge_id" = COALESCE(%s, "charge_id"),
    "payment_method" = COALESCE(%s, "payment_method"),
    "card_brand" = COALESCE(%s, "card_brand"),
    "card_last4" = COALESCE(%s, "card_last4"),
    "email" = COALESCE(%s, "email")
    WHERE "reference" = %s AND COALESCE("checkout_session_id", '') = %s AND "status" IN (%s, %s, %s, %s)
"""
IDS = ("checkout_session_id", "payment_intent_id", "charge_id")
DETAILS = (*IDS, "payment_method", "card_brand", "card_last4", "email")  # as they come in PAY
ADD_ENTRY = 'INSERT INTO "bbs_historyentry" ("payment_id", "kind", "detail", "created_at") VALUES (%s, %s, %s, %s)'
ONE_MORE_ENTRY = ", (%s, %s, %s, %s)"
THANK = """INSERT INTO "bbs_topic" ("payment_id", "comment", "hidden", "created_at") VALUES (%s, '', false, %s)"""
