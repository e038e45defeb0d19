"""Where metrics go: W&B and metrics.csv."""
