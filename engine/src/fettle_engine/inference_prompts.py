"""From messages to tokens: chat templates, raw text, and images beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PIL import Image

from .errors import EngineError
from .images import open_image
from .inference_models import OpenModel, first_line


@dataclass(frozen=True)
class Prompt:
    """A prompt as a model reads it. `ids` holds each image as one placeholder where `images` is not empty."""

    text: str
    ids: tuple[int, ...]
    images: tuple[Image.Image, ...]
    raw: bool


def read_prompt(model: OpenModel, messages: list[dict[str, Any]], raw: bool) -> Prompt:
    """The chat template over all messages up to the reply's begin, or, `raw`, the last message's text as it stands."""
    used = messages[-1:] if raw else messages
    paths = [part["image"] for message in used for part in parts_of(message) if part["type"] == "image"]
    if paths and model.kind != "vision-language":
        raise EngineError(
            "images_unsupported",
            f"The model {model.name} reads text only, and a message holds an image",
            hint="Take a vision-language model",
        )
    marks = placeholders(model)
    if any(mark in text_of(message) for message in used for mark in marks):
        raise EngineError(
            "bad_request",
            f"A message's text holds {marks[0]!r}, which stands for an image in {model.name}",
            hint="Take it out of the text; give images as parts of their own",
        )
    text = raw_text(model, used) if raw else chat_text(model, used)
    images = tuple(open_image(path) for path in paths)
    return Prompt(text=text, ids=tokens_of(model, text, raw), images=images, raw=raw)


def tokens_of(model: OpenModel, text: str, raw: bool) -> tuple[int, ...]:
    """Tokens of a whole text. A chat template writes its beginning mark itself, raw text gets the tokenizer's."""
    ids = tuple(model.tokenizer(text, add_special_tokens=False)["input_ids"])
    if raw and ids[: len(model.bos)] != model.bos:
        ids = model.bos + ids
    if ids:
        return ids
    # Something must stand before the first scored token; lm-evaluation-harness takes the same two.
    bos = model.tokenizer.bos_token_id
    return (int(bos),) if bos is not None else (min(model.eos, default=0),)


def parts_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    """A message's parts; plain text is one."""
    content = message["content"]
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def text_of(message: dict[str, Any]) -> str:
    """A message's text without its images."""
    return "".join(part["text"] for part in parts_of(message) if part["type"] == "text")


def raw_text(model: OpenModel, messages: list[dict[str, Any]]) -> str:
    """The text of messages as it stands, with the model's placeholder for each image."""
    placeholder = next(iter(placeholders(model)), "")
    return "".join(
        placeholder if part["type"] == "image" else part["text"] for message in messages for part in parts_of(message)
    )


def placeholders(model: OpenModel) -> list[str]:
    """Texts that stand for an image, the one to write first; none for models that read text only."""
    if model.kind != "vision-language":
        return []
    names = ("boi_token", "image_token")
    return [mark for name in names if isinstance(mark := getattr(model.processor, name, None), str) and mark]


def chat_text(model: OpenModel, messages: list[dict[str, Any]]) -> str:
    """The rendered chat template."""
    template = model.tokenizer if model.processor is None else model.processor
    if template.chat_template is None and model.tokenizer.chat_template is not None:
        template = model.tokenizer
    if template.chat_template is None:
        raise EngineError(
            "no_chat_template",
            f"The model {model.name} has no chat template",
            hint="It is a base model: ask with `raw`, or take its instruction-tuned sibling",
        )
    if model.kind == "vision-language":
        # Templates see that there is an image, never its path.
        chat = [
            {
                "role": message["role"],
                "content": [part if part["type"] == "text" else {"type": "image"} for part in parts_of(message)],
            }
            for message in messages
        ]
    else:
        chat = [{"role": message["role"], "content": text_of(message)} for message in messages]
    try:
        return template.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
    except (
        Exception
    ) as error:  # a template is a program of the checkpoint's author, in a sandbox; it may raise anything
        raise EngineError(
            "chat_template",
            f"The chat template of {model.name} refuses these messages: {first_line(error)}",
            hint="Many templates want user and assistant in turn, or take no system message",
        ) from error
