"""Ways of reading a graph: as notation, as an explanation, as a picture, and step by step."""
