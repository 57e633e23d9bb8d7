"""Nodes of displays into LaTeX, Typst and plain text; nothing here knows how they are read."""
