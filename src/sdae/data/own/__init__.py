"""The user's own arrays and pictures."""
