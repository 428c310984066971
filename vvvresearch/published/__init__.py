"""What documents published: reconstruction, comparison with our own numbers, consistency."""
