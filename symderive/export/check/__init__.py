"""An exported file run in its language, and compared with certified values."""
