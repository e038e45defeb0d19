"""Studies: the search of Table 2 for a problem and a method, by as many workers as there are."""
