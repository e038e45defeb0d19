"""The user's own arrays, tables and pictures as problems."""
