"""How templates say numbers and days."""
