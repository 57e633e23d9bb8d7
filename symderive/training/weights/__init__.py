"""Files of trained weights: what they hold, and which of it is a layer."""
