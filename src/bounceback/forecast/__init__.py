"""Where the learner stands, and the chance of passing by date."""
