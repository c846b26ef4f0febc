"""What to change in a job that ran out of memory."""

from __future__ import annotations

from .errors import EngineError
from .jobs import Job


def with_advice(error: EngineError, job: Job, phase: str, step: int, peak_bytes: int) -> EngineError:
    """A memory error with the fields of the job that would mend it; other errors as they are."""
    if error.code != "out_of_memory":
        return error
    micro = job.micro_batches
    hint = f"Set microBatches to {2 * micro} (equal gradients, less memory)"
    if job.precision == "fp32" and job.device != "cpu":
        hint += ", or precision to bf16"
    hint += ", or make the batch smaller. Checkpoints are kept; the same job goes on from them."
    details = {
        "phase": phase,
        "step": step,
        "batch": job.raw["batch"],
        "microBatches": micro,
        "peakBytes": peak_bytes,
    }
    return EngineError("out_of_memory", error.message, hint, error.details | details, retryable=False)
