"""What a paper says, as records that every format is written from: proved, numbered, pointed at."""
