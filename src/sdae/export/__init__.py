"""A trained stack as a file that another program loads."""
