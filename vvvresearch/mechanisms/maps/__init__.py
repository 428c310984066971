"""Causal maps: links, paths, how few informants hold a connection, what changed between waves, portraits of pairs."""
