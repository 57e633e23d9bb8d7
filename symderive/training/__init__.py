"""Trained networks: weights from files, where they stand, and which first weights get anywhere."""
