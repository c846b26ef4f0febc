"""What this environment is: versions of packages, devices and their memory."""

from __future__ import annotations

import platform
from importlib import metadata
from typing import Any

PACKAGES = (
    "torch",
    "transformers",
    "peft",
    "accelerate",
    "safetensors",
    "tokenizers",
    "numpy",
    "onnx",
    "onnxscript",
    "onnxruntime",
)


def probe() -> dict[str, Any]:
    """The fields of `ready`. Imports torch."""
    import torch

    versions = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    versions["torch"] = str(torch.__version__)
    devices = [
        {
            "name": torch.cuda.get_device_name(index),
            "memoryBytes": torch.cuda.get_device_properties(index).total_memory,
        }
        for index in range(torch.cuda.device_count())
    ]
    return {
        "versions": versions,
        "device": devices[0]["name"] if devices else "cpu",
        "devices": devices,
        "processes": 1,
    }
