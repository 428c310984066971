"""From what came in to what is analysed: cleaning, recoding, free text."""
