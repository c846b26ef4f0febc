"""Shared by the tests: one thread, and a tiny world of pairs and a model."""

from pathlib import Path

import pytest
import torch
from tiny_training import World

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Pairs, sets and a random CLIP; tests do not change it."""
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The folder of a job."""
    return tmp_path / "out"
