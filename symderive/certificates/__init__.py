"""The evidence of a root search as data, and its check by code that shares nothing with the search."""
