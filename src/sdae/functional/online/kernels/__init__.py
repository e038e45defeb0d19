"""The loops that numba compiles. Nothing here is imported before it is needed: see :mod:`..compiled`."""
