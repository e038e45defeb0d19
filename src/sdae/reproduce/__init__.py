"""What is missing of the paper's tables and figures, what it costs here, and what of it a budget buys."""
