"""The pages that explain: each is drawn from data and code, and asks neither the database nor Stripe."""
