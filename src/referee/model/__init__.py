"""The nouns every room shares: frozen values without behaviour of their own."""
