"""What is missing for a table or a figure, what it costs, and how much of it fits a budget."""
