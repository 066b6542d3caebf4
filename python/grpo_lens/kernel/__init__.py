"""Plain Python cells in one process of the user's interpreter; what Jupyter does better is left to Jupyter."""
