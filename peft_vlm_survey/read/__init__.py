"""Readers: one module a source file, each with its columns, vocabularies and rules."""
