"""The pages a visitor meets: the hosted page, 3-D Secure, the voucher, the receipt, the card dialog."""

from __future__ import annotations
