"""Names that outlive every address of the book: a paper, a data set or a number keeps its own in all editions."""

# No address is known yet, and one that is may change; a tag is a name alone (RFC 4151).
TAG = "tag:peft-vlm-survey,2026:"


def identifier(kind: str, name: str) -> str:
    """Return the identifier of a thing of the book.

    >>> identifier("paper", "jia2022vpt")
    'tag:peft-vlm-survey,2026:paper/jia2022vpt'
    """
    return f"{TAG}{kind}/{name}"
