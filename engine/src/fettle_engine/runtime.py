"""Where a job runs: device, precision, seeds, and the other processes of the same job."""

from __future__ import annotations

import contextlib
import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
import torch.distributed as dist

from .errors import EngineError

if TYPE_CHECKING:
    from accelerate import Accelerator
    from torch import Tensor


def choose_device(name: str) -> torch.device:
    """`auto`, `cpu` or `cuda` as a device. Raises no_gpu where CUDA is asked for and absent."""
    if name == "cpu":
        return torch.device("cpu")
    if torch.cuda.is_available():
        return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    if name == "cuda":
        built = torch.version.cuda is not None
        raise EngineError(
            "no_gpu",
            "The job asks for device cuda, but PyTorch sees no GPU "
            + ("(it is built with CUDA)." if built else "(this PyTorch is built for the CPU alone)."),
            "Set device to auto or cpu, or set the engine up with a PyTorch built for CUDA on a machine with a GPU.",
            {"torch": torch.__version__, "cudaBuild": built},
        )
    return torch.device("cpu")


def seed_of(*key: int | str) -> int:
    """A seed in [0, 2^63) from any key, equal in every process and version of Python."""
    digest = hashlib.blake2b("/".join(map(str, key)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


class _GatherRows(torch.autograd.Function):
    """Concatenates the rows of all ranks; the gradient of a rank's rows is the sum of what all ranks ask of them."""

    @staticmethod
    def forward(ctx: Any, rows: Tensor) -> Tensor:
        rows = rows.contiguous()
        parts = [torch.empty_like(rows) for _ in range(dist.get_world_size())]
        dist.all_gather(parts, rows)
        ctx.count = rows.shape[0]
        return torch.cat(parts)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Tensor:
        grad = grads[0].contiguous().clone()
        dist.all_reduce(grad)
        start = dist.get_rank() * ctx.count
        return grad[start : start + ctx.count]


@dataclass(frozen=True)
class Runtime:
    """Made by `open_runtime`; the same on every rank but for `rank` and `device`."""

    device: torch.device
    autocast_dtype: torch.dtype | None
    """bf16, or None for plain fp32. Weights are fp32 always."""
    precision_reason: str
    seed: int
    deterministic: bool
    rank: int = 0
    world: int = 1
    accelerator: Accelerator | None = None
    """Only with several processes."""

    @property
    def is_main(self) -> bool:
        """Rank 0 writes events and files."""
        return self.rank == 0

    def autocast(self) -> contextlib.AbstractContextManager[Any]:
        """Mixed precision for forward passes."""
        if self.autocast_dtype is None:
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, dtype=self.autocast_dtype)

    def gather(self, rows: Tensor) -> Tensor:
        """[n, ...] of each rank to [n * world, ...] in the order of ranks, with gradient (see Recipe)."""
        return rows if self.world == 1 else _GatherRows.apply(rows)  # pyright: ignore[reportReturnType]

    def reduce_sum(self, tensor: Tensor) -> Tensor:
        """Sum over ranks, without gradient; a new tensor."""
        if self.world == 1:
            return tensor
        total = tensor.detach().clone()
        dist.all_reduce(total)
        return total

    def any(self, flag: bool) -> bool:
        """Whether any rank says so. Every rank must call it at the same place."""
        if self.world == 1:
            return flag
        value = torch.tensor([int(flag)], device=self.device)
        dist.all_reduce(value, op=dist.ReduceOp.MAX)
        return bool(value.item())

    def barrier(self) -> None:
        """Waits for all ranks."""
        if self.world > 1:
            dist.barrier()

    def seed_step(self, step: int) -> None:
        """Seeds torch's generators for one step of this rank, so that nothing of them needs saving."""
        torch.manual_seed(seed_of(self.seed, "step", step, self.rank))

    def generator(self, *key: int | str) -> torch.Generator:
        """A CPU generator for a use named by key, equal on every rank (the key holds the rank where it must differ)."""
        return torch.Generator().manual_seed(seed_of(self.seed, *key))

    def to_device(self, tensor: Tensor) -> Tensor:
        """Moves a CPU tensor without making the host wait where that is possible."""
        if self.device.type == "cuda" and tensor.device.type == "cpu":
            return tensor.pin_memory().to(self.device, non_blocking=True)
        return tensor.to(self.device)

    def device_name(self) -> str:
        """The GPU's name, or cpu."""
        return torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else "cpu"

    def peak_bytes(self) -> int:
        """Most memory in use so far: of the GPU's allocator, or the process's resident size."""
        if self.device.type == "cuda":
            return torch.cuda.max_memory_allocated(self.device)
        import resource
        import sys

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def open_runtime(
    device: str = "auto",
    precision: str = "auto",
    seed: int = 0,
    deterministic: bool = False,
    threads: int | None = None,
) -> Runtime:
    """Sets process-wide switches and joins the other ranks where torch.distributed.run started several."""
    if threads is not None:
        torch.set_num_threads(threads)
    chosen = choose_device(device)
    _set_determinism(deterministic)
    dtype, reason = _choose_precision(precision, chosen)
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world == 1:
        if chosen.type == "cuda":
            torch.cuda.set_device(chosen)
        return Runtime(chosen, dtype, reason, seed, deterministic)
    from accelerate import Accelerator

    accelerator = Accelerator(cpu=chosen.type == "cpu", mixed_precision="no")
    return Runtime(
        accelerator.device,
        dtype,
        reason,
        seed,
        deterministic,
        accelerator.process_index,
        accelerator.num_processes,
        accelerator,
    )


def _set_determinism(deterministic: bool) -> None:
    if deterministic:
        # Read by cuBLAS when it makes its first handle, so it may also be set by the parent process.
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(deterministic)
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = deterministic
    torch.backends.cudnn.allow_tf32 = not deterministic
    torch.backends.cuda.matmul.allow_tf32 = not deterministic


def _choose_precision(precision: str, device: torch.device) -> tuple[torch.dtype | None, str]:
    if precision == "fp32":
        return None, "fp32 as asked"
    if device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False):
        return (
            torch.bfloat16,
            "bf16 autocast: the GPU has it" if precision == "auto" else "bf16 autocast as asked",
        )
    if precision == "bf16":
        if device.type == "cpu":
            return torch.bfloat16, "bf16 autocast as asked"
        raise EngineError(
            "bad_job",
            "precision: bf16 is asked for, but this GPU computes it only by emulation.",
            "Set precision to auto or fp32.",
        )
    return None, "fp32: " + ("on the CPU" if device.type == "cpu" else "the GPU has no bf16")
