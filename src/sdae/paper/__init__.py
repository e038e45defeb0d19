"""The paper's numbers, tables and claims."""
