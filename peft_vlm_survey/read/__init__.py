"""Readers: one module per source file, each with its columns, vocabularies and rules."""
