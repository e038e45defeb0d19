"""SVMs on the input and on the representations of every layer (section 6.6)."""
