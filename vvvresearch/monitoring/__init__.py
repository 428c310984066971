"""Goals, presence, categories, volume, courses: what registers and monitoring extracts say."""
