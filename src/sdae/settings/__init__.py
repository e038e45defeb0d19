"""Hyperparameters as typed values."""
