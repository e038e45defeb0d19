"""One question a file, asked of a trained stack; nothing here trains one."""
