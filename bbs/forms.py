"""The board's two forms: writing something, and choosing what to buy."""

from __future__ import annotations

import itertools
import unicodedata
import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from bbs import limits
from bbs.models import Product, Topic
from bbs.payments.order import MAX_QUANTITY, Order

# Letters and symbols that show nothing: fillers of Hangul, the blank Braille pattern, an object's place without the
# object, the null notehead, and blank hieroglyphs. https://www.unicode.org/charts/
BLANK = {0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0, 0xFFFC, 0x13441, 0x13442, 0x1D159}
# What is not assigned in this Python's Unicode may be a newer emoji; these are reserved to be ignored in display.
# https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt (Default_Ignorable_Code_Point)
IGNORED = {0x2065, *range(0xFFF0, 0xFFF9), *range(0xE0000, 0xE1000)}


def is_visible(character: str) -> bool:
    """Return whether a character shows something by itself: no space, no control, no mark that needs another one."""
    code, category = ord(character), unicodedata.category(character)
    if category == "Cn":
        is_noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
        return not (is_noncharacter or code in BLANK or code in IGNORED)
    return category[0] in "LNPS" and code not in BLANK


def without_blank_runs(text: str) -> str:
    """Return the text with one blank line where there are more, so that a post is about as tall as what it says."""
    lines = itertools.groupby(text.split("\n"), key=lambda line: any(map(is_visible, line)))
    return "\n".join(itertools.chain.from_iterable(group if visible else [""] for visible, group in lines))


def refuse_odd_characters(text: str) -> None:
    """Raise ValidationError for characters that no keyboard types, bytes that were not UTF-8, and invisible texts."""
    allowed = "\n\t"
    if any((unicodedata.category(c) in ("Cc", "Cs") and c not in allowed) or c == "\ufffd" for c in text):
        raise ValidationError(_("The text contains characters that cannot be shown. Please remove them."))
    if not any(map(is_visible, text)):
        raise ValidationError(_("Please write something first."))


class CommentField(forms.CharField):
    """A text whose line breaks count as one character each, as the browser counts them."""

    def to_python(self, value: str | None) -> str | None:
        return super().to_python(value and value.replace("\r\n", "\n").replace("\r", "\n"))


class TopicForm(forms.ModelForm):
    """A comment, as plain text. `form_id` distinguishes a resubmitted form from a second comment with the same text."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    comment = CommentField(
        label=_("Write something"),
        max_length=Topic.COMMENT_MAX_LENGTH,
        validators=[refuse_odd_characters],
        widget=forms.Textarea(attrs={"rows": 3, "data-count": "#comment-count"}),
        error_messages={
            "required": _("Please write something first."),
            "max_length": _(
                "Your comment has %(show_value)d characters; the limit is %(limit_value)d. Your text is still here."
            ),
        },
    )

    class Meta:
        model = Topic
        fields = ["comment"]

    def clean_comment(self) -> str:
        return without_blank_runs(self.cleaned_data["comment"])

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True  # the page has it beside `form_id`
        helper.layout = Layout(Field("comment"))
        return helper

    @property
    def submission(self) -> str:
        return Topic.submission_of(self.cleaned_data["form_id"], self.cleaned_data["comment"])

    @transaction.atomic
    def save_once(self, request: HttpRequest) -> Topic:
        """Save the topic, or find the one that was posted. Raises limits.LimitReached for too many new ones."""
        values = {"comment": self.cleaned_data["comment"]}
        topic, is_new = Topic.objects.get_or_create(submission=self.submission, defaults=values)
        if is_new:
            limits.count_post(request)
        return topic


class OrderForm(forms.Form):
    """What to buy and how many. It is sent by GET: choosing changes nothing, it only shows the right button."""

    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=MAX_QUANTITY)

    def __init__(self, products: list[Product], order: Order) -> None:
        super().__init__(initial={"product": order.product.slug, "quantity": order.quantity})
        label = '{} <span class="choice-price">{}</span>'
        product = forms.ChoiceField(
            label=_("What would you like to buy?"),
            choices=[(p.slug, format_html(label, p.name, p.price)) for p in products],
            widget=forms.RadioSelect,
        )
        self.fields = {"product": product, **self.fields}

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        return helper
