"""Quality measures: declared as data, evaluated for all patients of a practice at once."""
