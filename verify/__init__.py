"""Build real modules with random weights and count them: `make verify`. Nothing of the book imports this."""
