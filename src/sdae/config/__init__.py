"""Builds runs from names and YAML, for the command line and for Python."""
