"""The archives of Larochelle et al. (2007), read and checked."""
