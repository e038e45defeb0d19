"""The recipes by which problems are made again."""
