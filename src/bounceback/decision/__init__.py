"""Whether to sit, move the date, remediate or wait for one more form; and when to ask for help."""
