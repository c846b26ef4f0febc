"""Image-text models: made from an architecture, read from and written to checkpoint folders."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open

from .clip_tokenizer import train_tokenizer
from .errors import EngineError, is_out_of_memory
from .file_hash import file_sha256
from .jobs import CompactClip
from .weight_files import pickles_of, safetensors_of

CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)


@dataclass
class Checkpoint:
    """A model with what its inputs need."""

    model: Any
    """CLIPModel or SiglipModel, fp32."""
    tokenizer: Any
    preprocessor: dict[str, Any]
    sha256: str
    """Of configuration and weights as read; of the architecture and seed where made anew."""
    path: str | None

    @property
    def image_size(self) -> int:
        return int(self.model.config.vision_config.image_size)

    @property
    def max_tokens(self) -> int:
        return int(self.model.config.text_config.max_position_embeddings)

    @property
    def mean(self) -> tuple[float, ...]:
        return tuple(self.preprocessor.get("image_mean") or CLIP_MEAN)

    @property
    def std(self) -> tuple[float, ...]:
        return tuple(self.preprocessor.get("image_std") or CLIP_STD)

    def tokenize(self, texts: list[str]) -> torch.Tensor:
        """int64 [n, t]. CLIP: padded to the longest; SigLIP: to its whole length, as it was trained."""
        siglip = self.model.config.model_type == "siglip"
        return self.tokenizer(
            texts,
            padding="max_length" if siglip else "longest",
            truncation=True,
            max_length=self.max_tokens,
            return_tensors="pt",
        )["input_ids"]


def create_checkpoint(architecture: CompactClip, texts: list[str], seed: int) -> Checkpoint:
    """A compact CLIP with random weights, and a tokenizer learnt from `texts`. Equal seeds give equal weights."""
    from transformers import CLIPConfig, CLIPModel

    _check_architecture(architecture)
    tokenizer = train_tokenizer(texts, architecture.vocabulary, architecture.text_length)
    config = CLIPConfig(
        text_config={
            "vocab_size": len(tokenizer),
            "hidden_size": architecture.text_width,
            "intermediate_size": 4 * architecture.text_width,
            "num_hidden_layers": architecture.text_layers,
            "num_attention_heads": architecture.text_heads,
            "max_position_embeddings": architecture.text_length,
            "projection_dim": architecture.embedding_width,
            "bos_token_id": tokenizer.bos_token_id,
            "eos_token_id": tokenizer.eos_token_id,
            "pad_token_id": tokenizer.pad_token_id,
        },
        vision_config={
            "hidden_size": architecture.vision_width,
            "intermediate_size": 4 * architecture.vision_width,
            "num_hidden_layers": architecture.vision_layers,
            "num_attention_heads": architecture.vision_heads,
            "image_size": architecture.image_size,
            "patch_size": architecture.patch_size,
            "projection_dim": architecture.embedding_width,
        },
        projection_dim=architecture.embedding_width,
        logit_scale_init_value=architecture.logit_scale,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = CLIPModel(config)
    key = json.dumps([vars(architecture), seed, texts], sort_keys=True)
    return Checkpoint(
        model=model.float(),
        tokenizer=tokenizer,
        preprocessor=preprocessor_of(architecture.image_size),
        sha256=hashlib.sha256(key.encode()).hexdigest(),
        path=None,
    )


def load_checkpoint(folder: str | Path) -> Checkpoint:
    """Reads a CLIP or SigLIP checkpoint in fp32; runs no code of it. Raises checkpoint_pickle, checkpoint_invalid."""
    from transformers import AutoTokenizer, CLIPModel, SiglipModel
    from transformers.utils import logging

    root = Path(folder)
    kind = _check_folder(root)
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    try:
        model, found = {"clip": CLIPModel, "siglip": SiglipModel}[kind].from_pretrained(
            root, dtype=torch.float32, use_safetensors=True, output_loading_info=True, **options
        )
        tokenizer = AutoTokenizer.from_pretrained(root, **options)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, ImportError, AttributeError) as error:
        if is_out_of_memory(error):
            raise
        raise _invalid(
            root, f"cannot be opened: {(str(error).strip() or type(error).__name__).splitlines()[0]}"
        ) from error
    missing = sorted(found["missing_keys"])
    if missing:
        raise _invalid(root, f"lacks {len(missing)} weights of its model, {missing[0]} for one")
    broken = next((name for name, value in model.named_parameters() if not bool(value.isfinite().all())), None)
    if broken is not None:
        raise _invalid(root, f"has weights that are not finite, in {broken}")
    settings = root / "preprocessor_config.json"
    preprocessor = _object(settings) if settings.is_file() else preprocessor_of(model.config.vision_config.image_size)
    return Checkpoint(model, tokenizer, preprocessor, _hash_weights(root), str(root))


def save_checkpoint(
    model: Any, tokenizer: Any, preprocessor: dict[str, Any], provenance: dict[str, Any], folder: Path
) -> None:
    """Writes weights (safetensors), tokenizer, image settings and `fettle.json`.

    A folder that does not exist appears only when whole; into one that its caller made, the files are written at once.
    """
    whole = folder.exists()
    target = folder if whole else folder.with_name(f".{folder.name}.tmp")
    if not whole:
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
    model.save_pretrained(target)
    tokenizer.save_pretrained(target)
    _write(target / "preprocessor_config.json", preprocessor)
    hashes = {path.name: file_sha256(path) for path in sorted(target.glob("*.safetensors"))}
    _write(target / "fettle.json", {"version": 1, **provenance, "sha256": hashes})
    if not whole:
        target.rename(folder)


def preprocessor_of(size: int) -> dict[str, Any]:
    """Image settings of a compact CLIP: shorter side to `size`, centre crop, CLIP's mean and deviation."""
    return {
        "image_processor_type": "CLIPImageProcessor",
        "do_convert_rgb": True,
        "do_resize": True,
        "size": {"shortest_edge": size},
        "resample": 3,
        "do_center_crop": True,
        "crop_size": {"height": size, "width": size},
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": list(CLIP_MEAN),
        "image_std": list(CLIP_STD),
    }


def _check_architecture(architecture: CompactClip) -> None:
    for width, heads, name in (
        (architecture.vision_width, architecture.vision_heads, "vision"),
        (architecture.text_width, architecture.text_heads, "text"),
    ):
        if width % heads:
            raise EngineError(
                "bad_job",
                f"model.architecture.{name}Width: {width} is no multiple of {name}Heads, {heads}.",
                "Choose a width that the heads share equally.",
            )
    if architecture.image_size % architecture.patch_size:
        raise EngineError(
            "bad_job",
            f"model.architecture.patchSize: {architecture.patch_size} does not divide imageSize, "
            f"{architecture.image_size}.",
            "Choose a patch size that divides the image size.",
        )


def _check_folder(root: Path) -> str:
    if not root.is_dir():
        raise _invalid(root, "is no folder")
    weights = safetensors_of(root)
    if not weights:
        pickles = pickles_of(root)
        if pickles:
            raise EngineError(
                "checkpoint_pickle",
                f"The weights in {root} are pickles ({pickles[0]}), which can run code when opened.",
                "Take a checkpoint with model.safetensors, or convert it where you trust its source.",
                {"path": str(root), "files": pickles},
            )
        raise _invalid(root, "has no weights: no *.safetensors")
    if not (root / "config.json").is_file():
        raise _invalid(root, "has no config.json")
    kind = _object(root / "config.json").get("model_type")
    if kind not in ("clip", "siglip"):
        raise _invalid(root, f"holds a model of type {kind}, which is neither clip nor siglip")
    for path in weights:
        try:
            with safe_open(path, framework="pt"):
                pass
        except (SafetensorError, OSError) as error:
            raise _invalid(root, f"has a broken file {path.name}: {error}") from error
    return kind


def _object(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _invalid(path.parent, f"has a {path.name} that cannot be read: {error}") from error
    if not isinstance(value, dict):
        raise _invalid(path.parent, f"has a {path.name} that is not a JSON object")
    return value


def _invalid(root: Path, what: str) -> EngineError:
    return EngineError(
        "checkpoint_invalid",
        f"The checkpoint {root} {what}.",
        "Name a folder in Hugging Face layout of a CLIP or SigLIP model: "
        "config.json, model.safetensors, tokenizer.json.",
        {"path": str(root)},
    )


def checkpoint_hash(folder: str | Path) -> str:
    """sha256 of configuration and weights. Raises checkpoint_pickle, checkpoint_invalid as `load_checkpoint`."""
    root = Path(folder)
    _check_folder(root)
    return _hash_weights(root)


def _hash_weights(root: Path) -> str:
    whole = hashlib.sha256()
    for path in [root / "config.json", *sorted(root.glob("*.safetensors"))]:
        whole.update(f"{path.name}:{file_sha256(path)}\n".encode())
    return whole.hexdigest()


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
