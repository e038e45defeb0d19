"""The models: one LightningModule per file."""
