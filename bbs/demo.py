"""What a fresh board holds: the products of the two articles this project comes from, and a few posts."""

from __future__ import annotations

from django.db import transaction

from bbs.models import Product, Topic

PRODUCTS = [
    {
        "slug": "t-shirt",
        "name_ja": "Tシャツ",
        "name_en": "T-shirt",
        "description_ja": "綿100%、フリーサイズ",
        "description_en": "Cotton, one size",
        "currency": "jpy",
        "unit_amount": 2000,
    },
    {
        "slug": "test-payment",
        "name_ja": "テスト決済",
        "name_en": "Test payment",
        "description_ja": "ご注文を決済します",
        "description_en": "Pays for your order",
        "currency": "jpy",
        "unit_amount": 30000,
    },
    {
        "slug": "sunglass-101",
        "name_ja": "サングラス101",
        "name_en": "Sunglass 101",
        "description_ja": "日ざしの強い日に",
        "description_en": "For bright days",
        "currency": "usd",
        "unit_amount": 2000,
    },
]

COMMENTS = [
    "はじめまして。Stripe の決済を試しています。",
    "Hello. Which of the two ways to pay is the one I should learn?",
    "レガシー版の checkout.js から移行するところです。\n"
    "同じ注文を両方のフローで払い、レシートを見比べると違いがよく分かります。",
    "Pay once in each flow, then compare the two receipts: which flow confirmed the payment first?",
    "ヘッダーの「フロー」でいつでも切り替えられます。",
]


@transaction.atomic
def load() -> None:
    """Fill a board that has no product and no topic; anything that is there already stays as it is."""
    if not Product.objects.exists():
        Product.objects.bulk_create(Product(position=n, **fields) for n, fields in enumerate(PRODUCTS, start=1))
    if not Topic.objects.exists():
        Topic.objects.bulk_create(Topic(comment=comment) for comment in COMMENTS)
