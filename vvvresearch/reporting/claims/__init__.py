"""Claims of a report: words bound to numbers, proved before anything is printed."""
