"""The few marks that people may use."""

from mail.calculations.markup import Block, Run, as_text, blocks

NAMED = {"contact.first_name": "Mara"}


def test_paragraphs_lists_bold_links_and_a_button() -> None:
    text = """Hello {contact.first_name},
this is **new, {contact.first_name}**.

Two things:
- one https://a.example/x.
- [two](https://b.example/y)
and so on

[Book a time](https://c.example/z)

[Or another](https://d.example/)"""
    made = blocks(text.replace("\n", "\r\n"), NAMED)
    assert made == [
        Block("text", ((Run("Hello Mara,\nthis is "), Run("new, Mara", bold=True), Run(".")),)),
        Block("text", ((Run("Two things:"),),)),
        Block(
            "list",
            (
                (Run("one "), Run("https://a.example/x", url="https://a.example/x"), Run(".")),
                (Run("two", url="https://b.example/y"),),
            ),
        ),
        Block("text", ((Run("and so on"),),)),
        Block("button", ((Run("Book a time", url="https://c.example/z"),),)),
        Block("text", ((Run("Or another", url="https://d.example/"),),)),
    ]  # fmt: skip
    assert as_text(made) == (
        "Hello Mara,\nthis is new, Mara.\n\nTwo things:\n\n- one https://a.example/x.\n"
        "- two: https://b.example/y\n\nand so on\n\nBook a time: https://c.example/z\n\n"
        "Or another: https://d.example/"
    )


def test_only_https_becomes_a_link() -> None:
    for text in (
        "http://a.example",
        "[x](javascript:alert(1))",
        "[x](http://a.example)",
    ):
        (block,) = blocks(text, {})
        assert block == Block("text", ((Run(text),),))


def test_a_name_can_be_neither_link_nor_bold_nor_field() -> None:
    name = "**x** [y](https://evil.example) https://evil.example {owner.name}"
    values = {"contact.first_name": name, "owner.name": "secret"}
    (block,) = blocks("Hello {contact.first_name}", values)
    assert block.items == ((Run(f"Hello {name}"),),)


def test_line_breaks_in_a_name_are_spaces() -> None:
    (block,) = blocks("{contact.first_name}", {"contact.first_name": "a\r\n\r\n- b"})
    assert block == Block("text", ((Run("a - b"),),))


def test_nothing_is_no_block() -> None:
    assert blocks(" \n\n \r\n\t\n", {}) == []
