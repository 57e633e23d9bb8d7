"""The solver as blocks: its march, its numbers without overflow, its derivatives."""
