"""Fettle's training engine: recipes for image-text models on PyTorch, spoken to in JSON lines."""

__version__ = "0.1.0"
