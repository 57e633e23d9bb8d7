"""Proved derivations as a paper: assembled once, then written as TeX or Markdown, and from there as PDF."""
