"""The W&B workspace and report that compare the methods: built as code, and sent by whoever is logged in."""
