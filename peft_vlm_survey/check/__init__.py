"""Rules that hold between the files: what leads somewhere, what follows from what, and what contradicts."""
