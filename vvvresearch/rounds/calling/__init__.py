"""Calls as evaluators write them: other programs' names, a code's title for its path, their own tables; and the right call, named."""
