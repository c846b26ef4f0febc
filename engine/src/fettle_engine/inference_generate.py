"""Replies to prompts, in batches of about equal length."""

from __future__ import annotations

from typing import Any

from transformers import GenerationConfig, LogitsProcessorList, StoppingCriteriaList

from .errors import EngineError
from .inference_batches import Sized, batches_of, pad_left, processed
from .inference_models import OpenModel, answering
from .inference_prompts import Prompt, read_prompt
from .inference_sampling import Chooser, Finished, Sampling


def generate(model: OpenModel, prompts: list[dict[str, Any]], progress: Any) -> list[dict[str, Any]]:
    """One output a prompt: { text, finishReason, inputTokens, outputTokens, logprobs? }, or { error } of its own.

    A batch's greedy replies are those of its prompts alone in fp32; lower precisions round differently with the batch.
    progress(done, total) is called after each batch.
    """
    outputs: list[dict[str, Any]] = [{} for _ in prompts]
    waiting: list[Sized[tuple[Prompt, Sampling]]] = []
    for index, asked in enumerate(prompts):
        try:
            prompt = read_prompt(model, asked["messages"], asked["raw"])
            sampling = sampling_of(model, asked, len(prompt.ids))
            waiting.append(Sized(index, len(prompt.ids), len(prompt.images), (prompt, sampling), sampling.max_tokens))
        except EngineError as error:
            outputs[index] = failed(error)
    done = len(prompts) - len(waiting)
    for batch in batches_of(waiting, model.device):
        for item, output in zip(batch, replies_of(model, [item.content for item in batch]), strict=True):
            outputs[item.index] = output
        done += len(batch)
        progress(done, len(prompts))
    return outputs


def replies_of(model: OpenModel, batch: list[tuple[Prompt, Sampling]]) -> list[dict[str, Any]]:
    """Replies of a batch; where one of its prompts is at fault, that one alone fails."""
    try:
        return reply(model, batch)
    except EngineError as error:
        if error.code == "out_of_memory":
            raise
        if len(batch) == 1:
            return [failed(error)]
    return [output for item in batch for output in replies_of(model, [item])]


def failed(error: EngineError) -> dict[str, Any]:
    """The output of a prompt that failed alone."""
    return {"error": {"code": error.code, "message": error.message, "hint": error.hint}}


def sampling_of(model: OpenModel, asked: dict[str, Any], length: int) -> Sampling:
    """A prompt's settings, the reply bounded by the room that is left. Raises context_overflow where there is none."""
    room = None if model.max_tokens is None else model.max_tokens - length
    if room is not None and room < 1:
        raise EngineError(
            "context_overflow",
            f"The prompt takes {length} tokens; {model.name} has room for {model.max_tokens}, the reply included",
            hint="Shorten the prompt",
        )
    if "" in asked["stop"]:
        raise EngineError("bad_request", "A stop string is empty", hint="Leave it out")
    return Sampling(
        max_tokens=asked["maxTokens"] if room is None else min(asked["maxTokens"], room),
        temperature=asked["temperature"],
        top_p=asked["topP"],
        top_k=asked["topK"],
        stop=tuple(asked["stop"]),
        seed=asked["seed"],
        logprobs=asked["logprobs"],
    )


def reply(model: OpenModel, batch: list[tuple[Prompt, Sampling]]) -> list[dict[str, Any]]:
    """Replies of one batch, whose prompts all have images or all have none."""
    prompts = [prompt for prompt, _ in batch]
    if prompts[0].images:
        inputs = processed(model, [(p.text, p.raw) for p in prompts], [p.images for p in prompts], "left")
    else:
        inputs = pad_left(model, [prompt.ids for prompt in prompts])
    counts = inputs["attention_mask"].sum(-1).tolist()
    samplings = [bounded(model, sampling, count) for (_, sampling), count in zip(batch, counts, strict=True)]
    chooser = Chooser(model, samplings)
    most = max(sampling.max_tokens for sampling in samplings)
    eos = sorted(model.eos) or [model.pad]
    config = GenerationConfig(
        max_new_tokens=most,
        do_sample=False,
        use_cache=True,
        pad_token_id=model.pad,
        eos_token_id=sorted(model.eos) or None,
    )
    with answering(model, f"{len(batch)} prompts of up to {max(counts)} tokens and replies of up to {most}"):
        model.model.generate(
            **inputs,
            generation_config=config,
            logits_processor=LogitsProcessorList([chooser]),
            stopping_criteria=StoppingCriteriaList([Finished(chooser, eos)]),
        )
    return [
        {
            "text": chooser.text(row),
            "finishReason": row.finish or "length",
            "inputTokens": count,
            "outputTokens": len(row.tokens),
            **({} if row.sampling.logprobs is None else {"logprobs": row.logprobs}),
        }
        for row, count in zip(chooser.rows, counts, strict=True)
    ]


def bounded(model: OpenModel, sampling: Sampling, length: int) -> Sampling:
    """Settings once images have become tokens, which may leave less room."""
    if model.max_tokens is None or length + sampling.max_tokens <= model.max_tokens:
        return sampling
    room = model.max_tokens - length
    if room < 1:
        raise EngineError(
            "context_overflow",
            f"A prompt with its images takes {length} tokens; {model.name} has room for {model.max_tokens}",
            hint="Give fewer or smaller images, or a shorter prompt",
        )
    return Sampling(**{**vars(sampling), "max_tokens": room})
