"""Why the certified search for roots is right, and how many roots there can be."""
