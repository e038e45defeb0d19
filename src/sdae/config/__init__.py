"""From names and YAML to objects: what builds a run, for the command line and for Python alike."""
