"""Where the number of stationary points changes and where the global minimum collapses, certified."""
