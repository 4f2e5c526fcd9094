"""What the comparison pages' tests give to stripe-python: a session to create, and a card."""

from __future__ import annotations

PRICE = {"currency": "jpy", "unit_amount": 2000, "product_data": {"name": "T-shirt"}}
SESSION = {
    "mode": "payment",
    "line_items": [{"price_data": PRICE, "quantity": 1}],
    "success_url": "https://shop.example/success",
}
CARD = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "123"}
