"""Image grids."""
