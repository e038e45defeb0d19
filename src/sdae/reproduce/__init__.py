"""Reproduces the paper's tables and figures: the missing parts, their cost here, and what fits a budget."""
