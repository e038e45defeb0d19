"""GTZAN: audio, features and folds."""
