"""The `vvv` command."""
