"""One writer for each language: each a table of its syntax around common code."""
