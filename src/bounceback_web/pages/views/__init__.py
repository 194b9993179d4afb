"""Views: a request into values, one question to the engine, its answer into a page."""
