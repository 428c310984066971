"""One reader per format: a file in, evidence out, and a report of what the model cannot hold."""
