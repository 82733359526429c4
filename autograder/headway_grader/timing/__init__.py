"""How fast an answer is: rounds against the library's function, and the rule that decides over them."""
