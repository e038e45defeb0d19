"""The mathematics, as pure functions; nothing here knows of modules, files or settings."""
