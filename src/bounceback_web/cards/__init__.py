"""Cards: one collection for the pages and the terminal, in one file of the data folder."""
