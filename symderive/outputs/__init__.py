"""Several outputs: which networks and data are solved (``cases``), by what, and how it is checked."""
