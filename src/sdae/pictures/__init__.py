"""Examples, filters and samples as grey pictures."""
