"""Derivations by their names: found, searched, started anew, and what was made of them kept."""
