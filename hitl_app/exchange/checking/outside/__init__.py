"""The folder that a trainer's interpreter imports from: it holds one package and nothing that could hide another."""
