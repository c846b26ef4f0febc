"""What makes a job the same job: its settings, and the content of what they name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .clip_models import checkpoint_hash
from .file_hash import file_sha256
from .jobs import Job, ModelPath


def job_identity(job: Job) -> dict[str, Any]:
    """The job as JSON with start model, pairs and sets named by sha256: a folder may move, its content not change.

    Raises checkpoint_pickle or checkpoint_invalid where the start model is no checkpoint.
    """
    identity = job.raw | {"sets": file_sha256(Path(job.data.sets))}
    model = getattr(job, "model", None)
    if isinstance(model, ModelPath):
        identity["model"] = {"sha256": checkpoint_hash(model.path)}
    # The manifest has the hashes of all other files; where it is missing, opening the pairs says so.
    manifest = Path(job.data.pairs) / "manifest.json"
    if manifest.is_file():
        identity["data"] = {"sha256": file_sha256(manifest)}
    return identity
