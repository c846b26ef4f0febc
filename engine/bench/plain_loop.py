"""A plain PyTorch loop of the CLIPErase objective: the baseline that the engine's training is measured against.

It is what one writes first: the model of transformers called on every pair, a live frozen copy for the consistency
term, Adam with its defaults. Flags switch on, one after another, what the engine does beside that.
"""

from __future__ import annotations

import argparse
import copy
import json
import time
from pathlib import Path

import torch
from safetensors import safe_open
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import AutoTokenizer, CLIPModel


class Pairs:
    """Pixels, texts and rows of a pairs folder, read once."""

    def __init__(self, folder: Path, sets: Path, model: Path) -> None:
        with safe_open(folder / "pixels.safetensors", "pt") as file:
            self.pixels = file.get_tensor("pixels")
        items = [json.loads(line) for line in (folder / "items.jsonl").read_text().splitlines()]
        texts = [json.loads(line)["text"] for line in (folder / "texts.jsonl").read_text().splitlines()]
        self.text_of = torch.tensor([item["texts"][0] for item in items])
        tokenizer = AutoTokenizer.from_pretrained(model)
        length = CLIPModel.config_class.from_pretrained(model).text_config.max_position_embeddings
        tokens = tokenizer(texts, padding="max_length", max_length=length, truncation=True, return_tensors="pt")
        self.ids, self.mask = tokens["input_ids"], tokens["attention_mask"]
        rows = json.loads(sets.read_text())
        self.forget, self.retain = torch.tensor(rows["forget-train"]), torch.tensor(rows["retain-train"])
        processor = json.loads((model / "preprocessor_config.json").read_text())
        self.mean = torch.tensor(processor["image_mean"]).view(1, 3, 1, 1)
        self.std = torch.tensor(processor["image_std"]).view(1, 3, 1, 1)


def features(output: Tensor) -> Tensor:
    """Unit features in fp32."""
    return F.normalize(output.float(), dim=1)


def contrastive(logits: Tensor, texts: Tensor) -> Tensor:
    """Cross-entropy of rows and of columns, with equal texts as positives of each other."""
    target = (texts[:, None] == texts[None]).float()
    target = target / target.sum(1, keepdim=True)
    rows = -(target * logits.log_softmax(1)).sum(1).mean()
    columns = -(target * logits.t().log_softmax(1)).sum(1).mean()
    return 0.5 * (rows + columns)


def divergence(teacher: Tensor, student: Tensor) -> Tensor:
    """KL of the teacher's rows and columns against the student's."""
    return F.kl_div(student.log_softmax(1), teacher.softmax(1), reduction="batchmean") + F.kl_div(
        student.t().log_softmax(1), teacher.t().softmax(1), reduction="batchmean"
    )


def main() -> None:
    """Runs the loop and prints one JSON line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--sets", type=Path, required=True)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--warmup", type=int, default=10)
    parser.add_argument("--forget", type=int, default=16)
    parser.add_argument("--retain", type=int, default=64)
    parser.add_argument("--cached-teacher", action="store_true", help="teacher features computed once")
    parser.add_argument("--distinct-texts", action="store_true", help="the text tower sees each text of a batch once")
    args = parser.parse_args()

    torch.manual_seed(0)
    device = torch.device(args.device)
    if device.type == "cuda":
        torch.backends.cuda.matmul.allow_tf32 = True
        torch.backends.cudnn.allow_tf32 = True
    data = Pairs(args.pairs, args.sets, args.model)
    mean, std, ids, mask = (t.to(device) for t in (data.mean, data.std, data.ids, data.mask))
    model = CLIPModel.from_pretrained(args.model, dtype=torch.float32).to(device).train()
    teacher = copy.deepcopy(model).eval().requires_grad_(False)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4, betas=(0.9, 0.98))

    def image_features(network: nn.Module, rows: Tensor) -> Tensor:
        pixels = data.pixels[rows].to(device).float()
        return features(network.get_image_features(pixel_values=(pixels / 255 - mean) / std).pooler_output)

    def text_features(network: nn.Module, texts: Tensor) -> Tensor:
        texts = texts.to(device)
        if args.distinct_texts:
            texts, inverse = torch.unique(texts, return_inverse=True)
        output = network.get_text_features(input_ids=ids[texts], attention_mask=mask[texts]).pooler_output
        unit = features(output)
        return unit[inverse] if args.distinct_texts else unit

    cached: tuple[Tensor, Tensor] | None = None
    if args.cached_teacher:
        with torch.no_grad():
            images = torch.zeros(len(data.pixels), teacher.config.projection_dim, device=device)
            for part in data.retain.split(256):
                images[part.to(device)] = image_features(teacher, part)
            cached = images, text_features(teacher, torch.arange(len(ids)))

    def step() -> None:
        forget = data.forget[torch.randint(len(data.forget), (args.forget,))]
        retain = data.retain[torch.randint(len(data.retain), (args.retain,))]
        rows = torch.cat([forget, retain])
        texts = data.text_of[rows]
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
            images, captions = image_features(model, rows), text_features(model, texts)
            if cached is None:
                with torch.no_grad():
                    old_images = image_features(teacher, retain)
                    old_texts = text_features(teacher, data.text_of[retain])
        if cached is not None:
            old_images, old_texts = cached[0][retain.to(device)], cached[1][data.text_of[retain].to(device)]
        scale = model.logit_scale.exp()
        forgetting = (images[: args.forget] * captions[: args.forget]).sum(1).mean()
        logits = scale * images[args.forget :] @ captions[args.forget :].t()
        old = teacher.logit_scale.exp() * old_images @ old_texts.t()
        loss = 3 * forgetting + contrastive(logits, texts[args.forget :].to(device)) + 3 * divergence(old, logits)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    def synchronize() -> None:
        if device.type == "cuda":
            torch.cuda.synchronize()

    for _ in range(args.warmup):
        step()
    synchronize()
    start = time.perf_counter()
    for _ in range(args.steps):
        step()
    synchronize()
    seconds = time.perf_counter() - start
    if device.type == "cuda":
        peak = torch.cuda.max_memory_allocated()
    else:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"stepsPerSecond": args.steps / seconds, "peakBytes": peak}))


if __name__ == "__main__":
    main()
