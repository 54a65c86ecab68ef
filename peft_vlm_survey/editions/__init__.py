"""Editions: what must hold before one is made, what it consists of, and what changed since the one before."""
