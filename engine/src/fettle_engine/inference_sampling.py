"""Which token comes next in each row of a batch, and which rows are finished.

The rows of a batch have settings of their own, so that prompts which happen to arrive together can run together: the
choice in a row never depends on the rows beside it. Shapes: B rows, V vocabulary.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any, Literal

import torch
from torch import Tensor
from transformers import LogitsProcessor, StoppingCriteria

from .inference_models import OpenModel


@dataclass(frozen=True)
class Sampling:
    """Settings of one prompt. Temperature 0 takes the most likely token."""

    max_tokens: int
    temperature: float
    top_p: float | None
    top_k: int | None
    stop: tuple[str, ...]
    seed: int | None
    logprobs: int | None


@dataclass
class Row:
    """A reply as it grows."""

    sampling: Sampling
    draws: random.Random
    stop_tokens: frozenset[int]
    """Stop strings that are single special tokens: decoding leaves those out, so they are compared as tokens."""
    tokens: list[int] = field(default_factory=list)
    logprobs: list[dict[str, Any]] = field(default_factory=list)
    finish: Literal["stop", "length"] | None = None


class Chooser(LogitsProcessor):
    """Chooses the next token of each row and lets `generate` see no other choice.

    Log-probabilities are the model's own (temperature 1, nothing cut off), as natural logarithms.
    """

    def __init__(self, model: OpenModel, samplings: list[Sampling]) -> None:
        self.model = model
        special = model.tokenizer.all_special_tokens
        vocabulary = model.tokenizer.convert_tokens_to_ids
        self.rows = [
            Row(
                sampling=sampling,
                # A wish for the same seed must give the same draws on every device.
                draws=random.Random(sampling.seed),
                stop_tokens=frozenset(vocabulary(text) for text in sampling.stop if text in special),
            )
            for sampling in samplings
        ]

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        """[B, t] tokens so far and [B, V] logits to [B, V] scores with the chosen token alone above minus infinity."""
        logits_BV = scores.float()
        chosen_B = self.choose(logits_BV)
        tokens = chosen_B.tolist()
        self.note_logprobs(logits_BV, chosen_B, tokens)
        for row, token in zip(self.rows, tokens, strict=True):
            if row.finish is None:
                self.take(row, token)
        return torch.full_like(scores, -torch.inf).scatter_(1, chosen_B[:, None], 0.0)

    def choose(self, logits_BV: Tensor) -> Tensor:
        """The next token of each row."""
        greedy_B = logits_BV.argmax(-1)
        drawn = [i for i, row in enumerate(self.rows) if row.sampling.temperature > 0 and row.finish is None]
        if not drawn:
            return greedy_B
        settings = [self.rows[i].sampling for i in drawn]
        index = torch.tensor(drawn, device=logits_BV.device)

        def column(values: list[float]) -> Tensor:
            return torch.tensor(values, dtype=torch.float64, device=logits_BV.device)[:, None]

        size = logits_BV.shape[1]
        sorted_logits, order = logits_BV[index].sort(dim=-1, descending=True, stable=True)
        probabilities = (sorted_logits.double() / column([s.temperature for s in settings])).softmax(-1)
        rank = torch.arange(size, device=logits_BV.device)[None]
        kept = rank < column([float(s.top_k or size) for s in settings])
        probabilities = probabilities * kept
        probabilities = probabilities / probabilities.sum(-1, keepdim=True)
        # top-p keeps the smallest set whose mass reaches p: a token stays if the mass before it is below p.
        before = probabilities.cumsum(-1) - probabilities
        probabilities = probabilities * (before < column([s.top_p or 1.0 for s in settings]))
        mass = probabilities.cumsum(-1)
        uniform = column([self.rows[i].draws.random() for i in drawn])
        position = (mass <= uniform * mass[:, -1:]).sum(-1, keepdim=True)
        last = (probabilities > 0).sum(-1, keepdim=True) - 1
        greedy_B[index] = order.gather(1, torch.minimum(position, last)).squeeze(1)
        return greedy_B

    def note_logprobs(self, logits_BV: Tensor, chosen_B: Tensor, tokens: list[int]) -> None:
        """Keeps the log-probability of each chosen token, and of the likeliest ones, for rows that asked."""
        asking = [i for i, row in enumerate(self.rows) if row.sampling.logprobs is not None and row.finish is None]
        asking = [i for i in asking if not self.ends(self.rows[i], tokens[i])]
        if not asking:
            return
        index = torch.tensor(asking, device=logits_BV.device)
        logprobs = logits_BV[index].log_softmax(-1)
        own = logprobs.gather(1, chosen_B[index][:, None]).squeeze(1).tolist()
        most = min(max(self.rows[i].sampling.logprobs or 0 for i in asking), logprobs.shape[1])
        top_values, top_tokens = (part.tolist() for part in logprobs.topk(most, dim=-1))
        for position, i in enumerate(asking):
            entry: dict[str, Any] = {"token": self.spell(tokens[i]), "logprob": own[position]}
            count = self.rows[i].sampling.logprobs or 0
            if count > 0:
                pairs = list(zip(top_tokens[position], top_values[position], strict=True))[:count]
                entry["top"] = [{"token": self.spell(token), "logprob": value} for token, value in pairs]
            self.rows[i].logprobs.append(entry)

    def ends(self, row: Row, token: int) -> bool:
        """Whether a token ends a reply rather than being part of it."""
        return token in self.model.eos or token in row.stop_tokens

    def take(self, row: Row, token: int) -> None:
        """Adds a token to a row, or ends the row."""
        if self.ends(row, token):
            row.finish = "stop"
            return
        row.tokens.append(token)
        if row.sampling.stop and self.has_stop(row):
            row.finish = "stop"
        elif len(row.tokens) >= row.sampling.max_tokens:
            row.finish = "length"

    def has_stop(self, row: Row) -> bool:
        """Whether a stop string has just come. Each token adds at least a byte, so the last few are enough."""
        longest = max(len(text.encode()) for text in row.sampling.stop)
        tail = self.decode(row.tokens[-(longest + 8) :])
        return any(text in tail for text in row.sampling.stop) and self.cut(row) is not None

    def cut(self, row: Row) -> int | None:
        """Where in the reply the first stop string begins."""
        text = self.decode(row.tokens)
        found = [at for stop in row.sampling.stop if (at := text.find(stop)) >= 0]
        return min(found, default=None)

    def text(self, row: Row) -> str:
        """The reply without its stop string."""
        return self.decode(row.tokens)[: self.cut(row)]

    def decode(self, tokens: list[int]) -> str:
        """Text of tokens, special ones left out."""
        return self.model.tokenizer.decode(tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False)

    def spell(self, token: int) -> str:
        """A token alone, special ones by name. Bytes that are no whole character show as U+FFFD."""
        return self.model.tokenizer.decode([token], clean_up_tokenization_spaces=False)


class Finished(StoppingCriteria):
    """Tells `generate` which rows are done; it feeds padding to those until all are."""

    def __init__(self, chooser: Chooser, eos: list[int]) -> None:
        self.chooser = chooser
        # generate pads finished rows only where a criterion says that it knows of end tokens.
        self.eos_token_id = eos

    def __call__(self, input_ids: Tensor, scores: Any, **_: Any) -> Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        """[B] of booleans."""
        return torch.tensor([row.finish is not None for row in self.chooser.rows], device=input_ids.device)
