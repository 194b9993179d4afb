"""What the app keeps: each learner's record in tables, its history, what was shown."""
