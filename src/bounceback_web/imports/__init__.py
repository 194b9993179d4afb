"""Bringing in reports and lists: a draft is shown, and each value is confirmed or put right."""
