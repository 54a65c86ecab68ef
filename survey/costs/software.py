"""The few lines that run a method in a library, with the reader's values in them."""

RULES = ()
