"""A few case pairs: conditions, two perspectives, moderators with exact methods, the plan of contacts."""
