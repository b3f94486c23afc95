"""How fast this is, beside what one would use instead: a module for each comparison, all measured in one run."""
