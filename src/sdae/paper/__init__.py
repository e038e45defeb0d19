"""What the paper says: its numbers, its tables, its claims."""
