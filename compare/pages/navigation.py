"""The pages in the order in which they teach, each with the question that it answers."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from compare.pages.text import Text


@dataclass(frozen=True)
class Page:
    """A page of the course; `name` is that of its URL."""

    name: str
    title: Text
    question: Text

    @property
    def url(self) -> str:
        return reverse(f"compare:{self.name}")


PAGES = (
    Page(
        "overview",
        Text("Overview", "全体像"),
        Text("What is the difference, all in all?", "結局のところ、二つのフローは何が違うのでしょうか。"),
    ),
    Page(
        "code",
        Text("Code", "コード"),
        Text("Which lines are different, and why?", "違うのはどの行で、なぜ違うのでしょうか。"),
    ),
    Page(
        "parameters",
        Text("Parameters", "パラメーター"),
        Text("Where did each option go?", "あのオプションは、どこへ行ったのでしょうか。"),
    ),
    Page(
        "capabilities",
        Text("Capabilities", "できること"),
        Text("What can each way of paying do?", "それぞれの決済方法で、何ができるのでしょうか。"),
    ),
    Page(
        "old_code",
        Text("Old code today", "古いコードは今"),
        Text(
            "I found this line in a tutorial: what does it do now?",
            "チュートリアルで見たこの一行は、今どうなるのでしょうか。",
        ),
    ),
    Page(
        "wire_index",
        Text("On the wire", "通信の記録"),
        Text("What was really said about a payment?", "ひとつの決済で、実際にどんなやり取りがあったのでしょうか。"),
    ),
    Page(
        "glossary",
        Text("Words", "用語"),
        Text("What does this word mean?", "この言葉は何を指すのでしょうか。"),
    ),
)


def place_of(name: str) -> dict[str, object]:
    """Return what the frame of a page shows: the page, its neighbours, and the whole course."""
    index = next(index for index, page in enumerate(PAGES) if page.name == name)
    return {
        "page": PAGES[index],
        "pages": PAGES,
        "previous_page": PAGES[index - 1] if index else None,
        "next_page": PAGES[index + 1] if index + 1 < len(PAGES) else None,
    }
