"""Which weights a checkpoint folder holds. Files are told apart by name; none is opened."""

from __future__ import annotations

from pathlib import Path

_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl", "*.pickle")


def safetensors_of(folder: Path) -> list[Path]:
    """Weights that can be read without running code, by name."""
    return sorted(folder.glob("*.safetensors"))


def pickles_of(folder: Path) -> list[str]:
    """Names of weights that can run code when opened, and so are refused."""
    return sorted(path.name for pattern in _PICKLES for path in folder.glob(pattern))
