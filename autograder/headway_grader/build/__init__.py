"""From the lessons that an author writes to everything that is generated from them."""
