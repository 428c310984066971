"""The staged folder: everything one report needs, in one place, for either engine."""
