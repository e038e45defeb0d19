"""The models: one LightningModule a file."""
