"""Take a paper into the survey from the BibTeX that others export: parse, clean, compare, place."""
