"""Tests that are written along with an exported file: small programs that solve certified instances."""
