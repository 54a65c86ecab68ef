"""What the book costs to make and to load, measured; no part of the package."""
