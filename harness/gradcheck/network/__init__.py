"""Networks as equations, and their reverse passes as equations again."""
