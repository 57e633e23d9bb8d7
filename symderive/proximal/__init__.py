"""Proximal operators of the quasi-norms ℓ_q, q = 2/(D+1): of a number, a group, a matrix.

``exact`` answers in balls and says where two answers tie; ``arrays`` are doubles by the exported solver.
"""
