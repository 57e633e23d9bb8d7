"""The theorems, one file each; read them like the sections of a paper."""
