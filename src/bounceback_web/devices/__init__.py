"""Who may open the pages: the key of a start, and phones that were paired."""
