"""Log-likelihoods of given continuations, in batches of about equal length.

A prompt and its continuation become tokens together, and what differs from the prompt's own tokens is the
continuation: a token that spans the seam counts to the continuation, as in lm-evaluation-harness for raw text.
Shapes: B rows, T tokens, K positions of which logits are wanted, V vocabulary.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from .errors import EngineError
from .inference_batches import Sized, batches_of, pad_right, processed
from .inference_generate import failed
from .inference_models import OpenModel, answering
from .inference_prompts import Prompt, read_prompt, tokens_of


@dataclass
class Scored:
    """A row to run: the tokens to read, and for each use of the row the tokens that should follow where."""

    prompt: Prompt
    text: str
    ids: tuple[int, ...]
    """What is read; the last token of a continuation is only predicted. With images, each is one placeholder here."""
    uses: list[tuple[int, int, int, tuple[int, ...]]]
    """(prompt, continuation, first scored position in `ids` plus one, tokens)"""


def loglikelihood(model: OpenModel, prompts: list[dict[str, Any]], progress: Any) -> list[dict[str, Any]]:
    """One output a prompt: { continuations: [{ logprob, tokens, greedy }], inputTokens }, or { error } of its own.

    `logprob` is a sum of natural logarithms under the model itself; an empty continuation has 0 over no tokens.
    `greedy` says that each token was the likeliest where it stands. progress(done, total) counts continuations.
    """
    outputs: list[dict[str, Any]] = [{} for _ in prompts]
    rows: dict[tuple[Any, ...], Scored] = {}
    for index, asked in enumerate(prompts):
        try:
            prompt = read_prompt(model, asked["messages"], asked["raw"])
            cuts = [cut(model, prompt, text) for text in asked["continuations"]]
        except EngineError as error:
            outputs[index] = failed(error)
            continue
        outputs[index] = {"continuations": [{} for _ in cuts], "inputTokens": len(prompt.ids)}
        for place, (text, ids, start) in enumerate(cuts):
            if start == len(ids):
                outputs[index]["continuations"][place] = {"logprob": 0.0, "tokens": 0, "greedy": True}
                continue
            # Answers of one token share their row: "A", "B" and "C" need one forward pass, not three.
            key = (index if prompt.images else None, ids[:-1])
            row = rows.setdefault(key, Scored(prompt, prompt.text + text, ids[:-1], []))
            row.uses.append((index, place, start, ids[start:]))
            outputs[index]["inputTokens"] += len(ids) - start
    sized = [Sized(i, len(row.ids), len(row.prompt.images), row) for i, row in enumerate(rows.values())]
    done = 0
    for batch in batches_of(sized, model.device):
        score(model, [item.content for item in batch], outputs)
        done += len(batch)
        progress(done, len(sized))
    for output in outputs:
        if "imageTokens" in output:
            output["inputTokens"] += output.pop("imageTokens")
    return outputs


def cut(model: OpenModel, prompt: Prompt, continuation: str) -> tuple[str, tuple[int, ...], int]:
    """A continuation, the tokens of prompt and continuation, and where the continuation begins in them."""
    if continuation == "":
        return "", prompt.ids, len(prompt.ids)
    ids = tokens_of(model, prompt.text + continuation, prompt.raw)
    start = 0
    while start < min(len(prompt.ids), len(ids)) and prompt.ids[start] == ids[start]:
        start += 1
    if prompt.text == "" and start == 0:
        # The prompt is the one token that stands before any text.
        ids, start = prompt.ids + ids, len(prompt.ids)
    if start == 0:
        raise EngineError(
            "bad_request",
            "The first token of the prompt changes with the continuation, so nothing stands before what is scored",
            hint="Use a longer prompt",
        )
    if model.max_tokens is not None and len(ids) > model.max_tokens:
        raise EngineError(
            "context_overflow",
            f"Prompt and continuation take {len(ids)} tokens; {model.name} has room for {model.max_tokens}",
            hint="Shorten the prompt",
        )
    return continuation, ids, start


def score(model: OpenModel, batch: list[Scored], outputs: list[dict[str, Any]]) -> None:
    """Runs one batch and fills in its continuations' scores."""
    if batch[0].prompt.images:
        texts = [(row.text, row.prompt.raw) for row in batch]
        inputs = processed(model, texts, [row.prompt.images for row in batch], "right")
    else:
        inputs = pad_right(model, [row.ids for row in batch])
    lengths = inputs["attention_mask"].sum(-1).tolist()
    # With images the processor has read the whole text, the last token too, and images have become many tokens.
    extra = [length - len(row.ids) for row, length in zip(batch, lengths, strict=True)]
    if batch[0].prompt.images:
        extra = [count - 1 for count in extra]
        for row, count in zip(batch, extra, strict=True):
            outputs[row.uses[0][0]]["imageTokens"] = count
    first = min(start + more for row, more in zip(batch, extra, strict=True) for _, _, start, _ in row.uses) - 1
    with answering(model, f"{len(batch)} texts of up to {max(lengths)} tokens"):
        logits_BKV = forward(model, inputs, first)
        for place, row in enumerate(batch):
            for prompt, continuation, start, tokens in row.uses:
                begin = start + extra[place] - 1 - first
                part_KV = logits_BKV[place, begin : begin + len(tokens)].float()
                wanted_K = torch.tensor(tokens, device=part_KV.device)
                logprobs_K = part_KV.log_softmax(-1).gather(1, wanted_K[:, None]).squeeze(1)
                outputs[prompt]["continuations"][continuation] = {
                    "logprob": float(logprobs_K.double().sum()),
                    "tokens": len(tokens),
                    "greedy": bool((part_KV.argmax(-1) == wanted_K).all()),
                }


def forward(model: OpenModel, inputs: dict[str, Any], first: int) -> Tensor:
    """Logits [B, K, V] from position `first` on; where the model can, the others are never computed."""
    options = {"use_cache": False} if "use_cache" in inspect.signature(model.model.forward).parameters else {}
    total = inputs["input_ids"].shape[1]
    if "logits_to_keep" in inspect.signature(model.model.forward).parameters:
        keep = torch.arange(first, total, device=model.device)
        return model.model(**inputs, **options, logits_to_keep=keep).logits
    return model.model(**inputs, **options).logits[:, first:]
