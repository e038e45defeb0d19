"""The paper's tables and figures, our values beside its own."""
