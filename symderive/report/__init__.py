"""What the command line prints and draws: tables and figures for people, JSON records for programs."""
