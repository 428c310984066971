"""Direct identifiers, pseudonyms and disclosure control."""
