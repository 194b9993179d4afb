"""What is taken along: two pages for the adviser meeting, a calendar file, tables of everything."""
