"""Tables of single items, batteries and banners: answers, who was asked, counts, rows, notes."""
