"""How the small models of the course were trained. Needs torch; nothing here is needed to use them."""
