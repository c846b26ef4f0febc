"""Answers of open models: the requests inspect, load, generate, loglikelihood, embed and unload of the protocol."""

from __future__ import annotations

from typing import Any

from .inference_embed import embed, embedding_width, image_size, scale_and_bias
from .inference_generate import generate
from .inference_loglikelihood import loglikelihood
from .inference_models import DTYPES, OpenModel, OpenModels
from .runtime import Runtime
from .wire import Events

# One process serves one user; its requests share the models that are open.
_models = OpenModels()


def handle(request: dict[str, Any], runtime: Runtime, events: Events) -> dict[str, Any]:
    """The result of a request. Its own device and dtype count, not the runtime's, which are those of training."""
    name = request["model"]
    match request["op"]:
        case "inspect":
            return _models.inspect(name, request["device"], request["dtype"], request["allowHub"])
        case "load":
            events.phase("load", note=name)
            return describe(_models.load(name, request["device"], request["dtype"], request["allowHub"]))
        case "unload":
            return {"unloaded": _models.unload(name)}
        case "generate":
            return {"outputs": generate(_models.get(name), request["prompts"], progress_of(events))}
        case "loglikelihood":
            return {"outputs": loglikelihood(_models.get(name), request["prompts"], progress_of(events))}
        case "embed":
            return embed(_models.get(name), request, progress_of(events))
        case other:
            raise AssertionError(f"{other} is no request of inference")


def progress_of(events: Events) -> Any:
    """Tells how far an answer is."""
    return lambda done, total: events.phase("embed", done, total)


def describe(model: OpenModel) -> dict[str, Any]:
    """What `load` answers."""
    result: dict[str, Any] = {
        "kind": model.kind,
        "device": str(model.device),
        "dtype": DTYPES[model.dtype],
        "parameters": sum(parameter.numel() for parameter in model.model.parameters()),
        "class": type(model.model).__name__,
        "maxTokens": model.max_tokens,
        "chatTemplate": any(
            part is not None and getattr(part, "chat_template", None) is not None
            for part in (model.tokenizer, model.processor)
        ),
        "folder": str(model.folder),
    }
    if model.processor is not None:
        result["imageProcessor"] = type(model.processor.image_processor).__name__
    if model.kind in ("dual-encoder", "text-encoder"):
        result["embeddingWidth"] = embedding_width(model)
    if model.kind == "dual-encoder":
        result |= {"imageSize": image_size(model), **scale_and_bias(model)}
    return result
