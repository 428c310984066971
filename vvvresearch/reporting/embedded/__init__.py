"""The embedded engine: Quarto's Markdown, a declared subset of it, through pandoc and Typst."""
