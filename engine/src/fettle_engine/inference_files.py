"""Which folder a model's name stands for, and what kind of model lies in it.

A checkpoint is a folder in Hugging Face layout whose weights are safetensors. Nothing here reads weights.
"""

import json
from pathlib import Path
from typing import Literal

from .errors import EngineError
from .weight_files import pickles_of, safetensors_of

Kind = Literal["language", "vision-language", "dual-encoder", "text-encoder"]

DUAL_ENCODERS = frozenset({"clip", "siglip"})
HUB_PATTERNS = ("*.safetensors", "*.json", "*.jinja", "*.txt", "*.model", "1_Pooling/*")


def checkpoint_folder(name: str, allow_hub: bool) -> Path:
    """The folder of `name`: itself, or a snapshot of the hub's repository, which only `allow_hub` may fetch.

    `hub:OWNER/NAME` and `hub:OWNER/NAME@REVISION` mean the hub whatever folders there are.
    """
    if name.startswith("hub:"):
        snapshot = hub_snapshot(name.removeprefix("hub:"), allow_hub)
        check_weights(snapshot)
        return snapshot
    folder = Path(name).expanduser()
    if folder.is_dir():
        check_weights(folder)
        return folder.resolve()
    if folder.exists():
        raise EngineError(
            "bad_checkpoint",
            f"{name} is a file; a checkpoint is a folder",
            hint="Name the folder that holds config.json and model.safetensors",
        )
    if folder.is_absolute() or name.startswith(".") or name.count("/") != 1:
        raise EngineError(
            "bad_checkpoint",
            f"There is no folder {name}",
            hint="Name a checkpoint's folder, or a hub model as OWNER/NAME",
        )
    snapshot = hub_snapshot(name, allow_hub)
    check_weights(snapshot)
    return snapshot


def hub_snapshot(name: str, allow_hub: bool) -> Path:
    """A hub model's files, as huggingface_hub finds them: HF_ENDPOINT, HF_HOME, HF_TOKEN and HF_HUB_OFFLINE count.

    With `allow_hub` the hub is asked which commit the revision is; where it cannot be reached, files that were fetched
    before are taken. Without, only those are. No pickles and no code are fetched.
    """
    import httpx
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    repository, _, revision = name.partition("@")
    offline = constants.HF_HUB_OFFLINE
    try:
        return Path(
            snapshot_download(
                repository,
                revision=revision or None,
                allow_patterns=list(HUB_PATTERNS),
                local_files_only=offline or not allow_hub,
            )
        )
    except HFValidationError as error:
        raise EngineError(
            "bad_checkpoint",
            f"{name} is neither a folder nor a name that the hub could have",
            hint="Name a checkpoint's folder, or a hub model as OWNER/NAME",
        ) from error
    except LocalEntryNotFoundError as error:
        if not allow_hub:
            raise EngineError(
                "hub_not_allowed",
                f"There is no folder {name}, and no files of a hub model of that name were fetched before",
                hint="Name a folder, or allow the hub: the engine fetches nothing unasked",
            ) from error
        if offline:
            raise EngineError(
                "hub_unreachable",
                f"The hub model {name} was not fetched before, and HF_HUB_OFFLINE is set",
                hint="Unset HF_HUB_OFFLINE, or name a folder",
            ) from error
        raise unreachable(name, error) from error
    except (HfHubHTTPError, httpx.HTTPError, OSError, RuntimeError, ValueError) as error:  # a fetch may raise them all
        raise unreachable(name, error) from error


def unreachable(name: str, error: Exception) -> EngineError:
    """What a fetch that failed is told as."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return EngineError(
        "hub_unreachable",
        f"The hub model {name} could not be fetched: {lines[0]}",
        hint="Check the name, the network, HF_ENDPOINT and, for closed models, HF_TOKEN; or name a folder",
    )


def check_weights(folder: Path) -> None:
    """Refuses folders without safetensors weights, those with pickles alone by name."""
    if not (folder / "config.json").is_file():
        if (folder / "adapter_config.json").is_file():
            raise EngineError(
                "bad_checkpoint",
                f"{folder} holds an adapter, not a whole model",
                hint="Merge the adapter into its base model first, and name the merged folder",
            )
        raise EngineError(
            "bad_checkpoint",
            f"{folder} has no config.json",
            hint="Name a folder in Hugging Face layout: config.json, model.safetensors, tokenizer.json",
        )
    if safetensors_of(folder):
        return
    pickles = pickles_of(folder)
    if pickles:
        raise EngineError(
            "bad_checkpoint",
            f"The weights in {folder} are pickles ({pickles[0]}), which can run code when opened",
            hint="Take a checkpoint with model.safetensors, or convert it where you trust its source",
        )
    raise EngineError(
        "bad_checkpoint",
        f"{folder} has no weights: no *.safetensors",
        hint="Name a folder that holds model.safetensors beside config.json",
    )


def read_json(path: Path) -> dict:
    """A JSON object of a checkpoint folder."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EngineError(
            "bad_checkpoint", f"{path} cannot be read: {error}", hint="Fetch or save the checkpoint again"
        ) from error
    if not isinstance(content, dict):
        raise EngineError("bad_checkpoint", f"{path} is not a JSON object", hint="Fetch or save the checkpoint again")
    return content


def checkpoint_kind(folder: Path) -> Kind:
    """What a checkpoint can be asked for. Its architecture decides; a pooling folder makes an encoder."""
    from transformers.models.auto.modeling_auto import (
        MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
        MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES,
    )

    config = read_json(folder / "config.json")
    model_type = str(config.get("model_type", ""))
    architectures = [str(name) for name in config.get("architectures") or []]
    if model_type in DUAL_ENCODERS:
        return "dual-encoder"
    if (folder / "1_Pooling" / "config.json").is_file():
        return "text-encoder"
    if bool(config.get("is_encoder_decoder")):
        raise EngineError(
            "model_unsupported",
            f"{folder} is an encoder-decoder model ({model_type}), which the engine does not serve",
            hint="Take a decoder-only language model, a vision-language model, CLIP, SigLIP or a text encoder",
        )
    if model_type in MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES and not any(
        name.endswith("ForCausalLM") for name in architectures
    ):
        return "vision-language"
    if any(name.endswith(("ForCausalLM", "LMHeadModel")) for name in architectures):
        return "language"
    if not architectures and model_type in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES:
        return "language"
    return "text-encoder"
