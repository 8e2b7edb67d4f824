"""OpenAI-compatible models."""
