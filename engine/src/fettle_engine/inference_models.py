"""Checkpoints opened for answering: weights, tokenizer and processor on their device, and which of them are open.

Weights are read from safetensors alone, and code of a checkpoint is never run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from .errors import EngineError
from .inference_files import Kind, checkpoint_folder, checkpoint_kind, read_json
from .runtime import choose_device

DTYPES = {torch.float32: "fp32", torch.bfloat16: "bf16"}


@dataclass(frozen=True)
class OpenModel:
    """A checkpoint in memory, in evaluation mode. Classes of transformers are many, hence the open types."""

    name: str
    folder: Path
    kind: Kind
    device: torch.device
    dtype: torch.dtype
    model: Any
    tokenizer: Any
    processor: Any
    """Tokenizer and image processor together; of models that read images."""
    bos: tuple[int, ...]
    """Tokens that the tokenizer sets before any text."""
    eos: frozenset[int]
    """Tokens that end a reply."""
    max_tokens: int | None
    """Most tokens of prompt and reply together, or of a text to embed; None where there is no such limit."""

    @property
    def pad(self) -> int:
        """A token to fill up with; masked everywhere, so its meaning does not matter."""
        if self.tokenizer.pad_token_id is not None:
            return int(self.tokenizer.pad_token_id)
        return min(self.eos, default=0)


class OpenModels:
    """The models that this process has open, by the name they were asked for."""

    def __init__(self) -> None:
        self._models: dict[str, OpenModel] = {}

    def load(self, name: str, device: str, dtype: str, allow_hub: bool) -> OpenModel:
        """Opens a model, or gives the open one where device and dtype are the same."""
        folder = checkpoint_folder(name, allow_hub)
        kind = checkpoint_kind(folder)
        chosen = choose_device(device)
        precision = choose_dtype(folder, kind, chosen, dtype)
        known = self._models.get(name)
        if known is not None and (known.folder, known.device, known.dtype) == (folder, chosen, precision):
            return known
        self.unload(name)
        model = open_checkpoint(name, folder, kind, chosen, precision)
        self._models[name] = model
        return model

    def inspect(self, name: str, device: str, dtype: str, allow_hub: bool) -> dict[str, Any]:
        """What `load` would open, without reading weights: `folder` is a name that `load` takes."""
        folder = checkpoint_folder(name, allow_hub)
        kind = checkpoint_kind(folder)
        chosen = choose_device(device)
        precision = choose_dtype(folder, kind, chosen, dtype)
        # The hub's cache keeps a commit's files in snapshots/COMMIT.
        commit = folder.name if folder.parent.name == "snapshots" else None
        return {
            "kind": kind,
            "device": str(chosen),
            "dtype": DTYPES[precision],
            "folder": str(folder),
            "commit": commit,
        }

    def get(self, name: str) -> OpenModel:
        """An open model. Raises not_loaded."""
        model = self._models.get(name)
        if model is None:
            raise EngineError("not_loaded", f"The model {name} is not open", hint="Send `load` first")
        return model

    def unload(self, name: str) -> bool:
        """Forgets a model and gives its GPU memory back; False where it was not open."""
        model = self._models.pop(name, None)
        if model is None:
            return False
        on_gpu = model.device.type == "cuda"
        del model
        if on_gpu:
            torch.cuda.empty_cache()
        return True


def choose_dtype(folder: Path, kind: Kind, device: torch.device, asked: str) -> torch.dtype:
    """fp32 or bf16. `auto`: bf16 for half-precision language models on GPUs that have it, else fp32."""
    if asked == "fp32":
        return torch.float32
    if asked == "bf16":
        return torch.bfloat16
    config = read_json(folder / "config.json")
    text = config.get("text_config") if isinstance(config.get("text_config"), dict) else {}
    stored = config.get("dtype") or config.get("torch_dtype") or (text or {}).get("dtype")
    half = stored in ("bfloat16", "float16")
    generative = kind in ("language", "vision-language")
    if generative and half and device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False):
        return torch.bfloat16
    return torch.float32


def open_checkpoint(name: str, folder: Path, kind: Kind, device: torch.device, dtype: torch.dtype) -> OpenModel:
    """Reads weights and tokenizer. Raises bad_checkpoint where something is missing or does not fit together."""
    import transformers

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    classes = {
        "language": transformers.AutoModelForCausalLM,
        "vision-language": transformers.AutoModelForImageTextToText,
        "dual-encoder": transformers.AutoModel,
        "text-encoder": transformers.AutoModel,
    }
    options = {"local_files_only": True, "trust_remote_code": False}
    try:
        processor = None
        if kind in ("vision-language", "dual-encoder"):
            processor = transformers.AutoProcessor.from_pretrained(folder, **options)
        tokenizer = getattr(processor, "tokenizer", None)
        if tokenizer is None:
            tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **options)
        model, found = classes[kind].from_pretrained(
            folder, dtype=dtype, use_safetensors=True, output_loading_info=True, **options
        )
    except EngineError:
        raise
    except (OSError, ValueError, KeyError, ImportError, TypeError, RuntimeError) as error:
        if isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error):
            raise
        raise EngineError(
            "bad_checkpoint",
            f"The checkpoint {folder} cannot be opened: {first_line(error)}",
            hint="It must hold config.json, *.safetensors and tokenizer.json of a class that transformers has",
        ) from error
    refuse_missing(folder, kind, sorted(found["missing_keys"]))
    model = model.to(device).eval()
    eos = ending_tokens(model, tokenizer)
    if kind in ("language", "vision-language"):
        # Only the request decides how tokens are drawn: a checkpoint's own temperature would be a hidden setting.
        model.generation_config = transformers.GenerationConfig(eos_token_id=sorted(eos) or None)
    return OpenModel(
        name=name,
        folder=folder,
        kind=kind,
        device=device,
        dtype=dtype,
        model=model,
        tokenizer=tokenizer,
        processor=processor,
        bos=beginning_tokens(tokenizer),
        eos=frozenset(eos),
        max_tokens=most_tokens(model, tokenizer, kind),
    )


def refuse_missing(folder: Path, kind: Kind, missing: list[str]) -> None:
    """Transformers fills missing weights with random numbers; a pooler that is not used may be missing."""
    if kind == "text-encoder":
        missing = [name for name in missing if "pooler" not in name]
    if missing:
        raise EngineError(
            "bad_checkpoint",
            f"The checkpoint {folder} lacks {len(missing)} weights of its model, {missing[0]} for one",
            hint="Fetch or save it again: guessed weights give worthless answers",
        )


def ending_tokens(model: Any, tokenizer: Any) -> set[int]:
    """Tokens that end a reply: those of the generation settings, and the tokenizer's own."""
    settings = getattr(model, "generation_config", None)
    ids = settings.eos_token_id if settings is not None else None
    found = set(ids if isinstance(ids, list) else [] if ids is None else [ids])
    if tokenizer.eos_token_id is not None:
        found.add(tokenizer.eos_token_id)
    return {int(token) for token in found}


def beginning_tokens(tokenizer: Any) -> tuple[int, ...]:
    """What the tokenizer sets before a text, found by asking it: its settings say so in several ways."""
    plain = tokenizer("a", add_special_tokens=False)["input_ids"]
    full = tokenizer("a")["input_ids"]
    for start in range(len(full) - len(plain) + 1):
        if full[start : start + len(plain)] == plain:
            return tuple(full[:start])
    return ()


def most_tokens(model: Any, tokenizer: Any, kind: Kind) -> int | None:
    """Longest input that the position embeddings, or the tokenizer where they have no bound, allow."""
    config = model.config.text_config if kind in ("vision-language", "dual-encoder") else model.config
    limits = [getattr(config, name, None) for name in ("max_position_embeddings", "n_positions", "max_seq_len")]
    if kind == "text-encoder":
        limits.append(tokenizer.model_max_length)
        # RoBERTa and its kin count positions from pad + 1.
        if config.model_type in ("roberta", "xlm-roberta", "camembert", "mpnet") and limits[0] is not None:
            limits[0] -= config.pad_token_id + 1
    whole = [int(limit) for limit in limits if isinstance(limit, int) and 0 < limit < 10**9]
    return min(whole, default=None)


@contextmanager
def answering(model: OpenModel, what: str) -> Iterator[None]:
    """No gradients, true fp32 products, and running out of memory said with the batch (`what`) that did it."""
    matmul: Any = torch.backends.cuda.matmul
    cudnn: Any = torch.backends.cudnn
    before = matmul.allow_tf32, cudnn.allow_tf32
    matmul.allow_tf32 = cudnn.allow_tf32 = False
    try:
        with torch.inference_mode():
            yield
    except (torch.OutOfMemoryError, RuntimeError) as error:
        if not isinstance(error, torch.OutOfMemoryError) and "allocate memory" not in str(error):
            raise
        raise EngineError(
            "out_of_memory",
            f"The model {model.name} ran out of memory on {model.device} with {what}",
            hint="Ask less at once (a smaller concurrency, batch or maxTokens), or shorten the prompts",
        ) from error
    finally:
        matmul.allow_tf32, cudnn.allow_tf32 = before


def first_line(error: BaseException) -> str:
    """The first line of a message that may be long."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
