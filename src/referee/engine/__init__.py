"""Program + Request + Facts → Decision. No clock, file, socket, thread or random source is touched here."""
