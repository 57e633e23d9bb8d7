"""LaTeX of displays into nodes; nothing here knows how they are printed."""
