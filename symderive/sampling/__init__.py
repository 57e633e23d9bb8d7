"""The independent test."""
