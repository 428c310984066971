"""An evaluation round: its TOML file, and `open_round()` which reads it into evidence."""
