"""Follow values through the code: what is made, what it is, and where it goes."""
