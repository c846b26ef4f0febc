"""The engine's one error for users, and how other exceptions are turned into it."""

from __future__ import annotations

import re
import traceback
from typing import Any

EXIT_DONE = 0
EXIT_OTHER = 1
EXIT_BAD_JOB = 2
EXIT_STOPPED = 3
EXIT_OUT_OF_MEMORY = 4
EXIT_NON_FINITE = 5

_EXIT_CODES = {
    "bad_job": EXIT_BAD_JOB,
    "bad_request": EXIT_BAD_JOB,
    "no_gpu": EXIT_BAD_JOB,
    "bad_data": EXIT_BAD_JOB,
    "bad_checkpoint": EXIT_BAD_JOB,
    "checkpoint_invalid": EXIT_BAD_JOB,
    "checkpoint_pickle": EXIT_BAD_JOB,
    "other_job": EXIT_BAD_JOB,
    "out_of_memory": EXIT_OUT_OF_MEMORY,
    "non_finite": EXIT_NON_FINITE,
}


class EngineError(Exception):
    """A failure that its reader can act on.

    code: one of bad_job, bad_request, bad_data, bad_checkpoint, other_job, no_gpu, out_of_memory, non_finite,
    not_loaded, disk, internal, or another short snake_case word. message: what failed and where.
    hint: how to mend it. details: JSON values only. retryable: the same request may succeed later unchanged.
    """

    def __init__(
        self,
        code: str,
        message: str,
        hint: str = "",
        details: dict[str, Any] | None = None,
        retryable: bool = False,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.details = details or {}
        self.retryable = retryable

    @property
    def exit_code(self) -> int:
        """The process exit code that stands for this error when no event can be read."""
        return _EXIT_CODES.get(self.code, EXIT_OTHER)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception means that the device or the machine ran out of memory."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    text = str(error)
    signs = (
        "CUDA out of memory",
        "can't allocate memory",
        "not enough memory",
        "CUBLAS_STATUS_ALLOC_FAILED",
        "CUDA error: out of memory",
    )
    return isinstance(error, RuntimeError) and any(sign in text for sign in signs)


def classify(error: BaseException) -> EngineError:
    """An EngineError for any exception. Unknown ones become `internal` with the traceback in details."""
    if isinstance(error, EngineError):
        return error
    if is_out_of_memory(error):
        return EngineError(
            "out_of_memory",
            f"Memory ran out: {_memory_asked(error)}",
            "Use smaller batches, raise microBatches (equal gradients with less memory), or a smaller model.",
            retryable=True,
        )
    if isinstance(error, OSError) and error.errno is not None:
        return EngineError(
            "disk",
            f"{error.strerror}: {error.filename or 'file'}",
            "Check that the path exists, may be written, and that its disk has space.",
            {"errno": error.errno},
        )
    text = "".join(traceback.format_exception(error))
    return EngineError(
        "internal",
        f"{type(error).__name__}: {_first_line(error)}",
        "This is a fault of the engine; please report it with the traceback in details.",
        {"traceback": text[-8000:]},
    )


def _memory_asked(error: BaseException) -> str:
    """How much more was asked for, where PyTorch's CPU allocator says so among words about itself."""
    asked = re.search(r"you tried to allocate (\d+) bytes", str(error))
    return _first_line(error) if asked is None else f"{int(asked[1]) / 1e6:.1f} MB more could not be had."


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
