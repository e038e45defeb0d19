"""Evaluation of trained stacks, one question a file; nothing here trains one."""
