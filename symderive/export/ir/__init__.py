"""Formulas as typed blocks of operations, common to all languages."""
