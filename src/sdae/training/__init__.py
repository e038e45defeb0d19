"""From data to test error: layers, stages, experiments, folds."""
