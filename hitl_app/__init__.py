"""A native desk where people review and repair the trajectories of LLM agents."""

__version__ = "0.1.0"
