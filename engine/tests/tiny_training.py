"""Tiny pairs folders, models and jobs for tests of training, made at run time; how to run a job and read events."""

import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from fettle_engine.clip_models import create_checkpoint, load_checkpoint, save_checkpoint
from fettle_engine.clip_towers import Towers
from fettle_engine.jobs import CompactClip
from fettle_engine.lifecycle import StopFlag
from fettle_engine.run_job import run_job
from fettle_engine.runtime import open_runtime
from fettle_engine.wire import Wire

SOURCE = Path(__file__).parent.parent / "src"
SIZE = 16
CLASSES = ("ant", "bee", "cat", "dog")
ARCHITECTURE = {
    "imageSize": SIZE,
    "patchSize": 8,
    "visionWidth": 16,
    "visionLayers": 2,
    "visionHeads": 2,
    "textWidth": 16,
    "textLayers": 2,
    "textHeads": 2,
    "textLength": 16,
    "vocabulary": 300,
    "embeddingWidth": 8,
}
COMPACT = CompactClip(
    image_size=SIZE,
    patch_size=8,
    vision_width=16,
    vision_layers=2,
    vision_heads=2,
    text_width=16,
    text_layers=2,
    text_heads=2,
    text_length=16,
    vocabulary=300,
    embedding_width=8,
    logit_scale=2.6593,
)


def write_pairs(folder: Path, size: int = SIZE, captions: int = 1) -> Path:
    """48 pictures, row i of class i mod 4: a colour of the class under noise. Several captions are distinct texts."""
    folder.mkdir(parents=True)
    generator = torch.Generator().manual_seed(5)
    colours = torch.randint(40, 215, (len(CLASSES), 3, 1, 1), generator=generator)
    noise = torch.randint(-40, 41, (48, 3, size, size), generator=generator)
    pixels = (colours[torch.arange(48) % len(CLASSES)] + noise).clamp(0, 255).to(torch.uint8)
    save_file({"pixels": pixels}, folder / "pixels.safetensors")
    texts = [f"a photo of a {name}." for name in CLASSES]
    if captions == 1:
        rows = [[index % len(CLASSES)] for index in range(48)]
    else:
        rows = [[4 + index * captions + k for k in range(captions)] for index in range(48)]
        texts += [f"{CLASSES[index % 4]} number {index}, view {k}" for index in range(48) for k in range(captions)]
    items = [{"id": f"p{index}", "texts": rows[index], "class": index % 4, "sha256": ""} for index in range(48)]
    (folder / "items.jsonl").write_text("".join(json.dumps(item) + "\n" for item in items))
    (folder / "texts.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    write_manifest(folder, len(items), len(texts), size)
    return folder


def write_manifest(folder: Path, items: int, texts: int, size: int) -> None:
    """manifest.json with the hashes of what lies in the folder."""
    files = ("items.jsonl", "texts.jsonl", "pixels.safetensors")
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files}
    image = {"size": size, "channels": 3, "resample": "bicubic"}
    manifest = {"version": 1, "kind": "pairs", "items": items, "texts": texts, "image": image}
    (folder / "manifest.json").write_text(json.dumps(manifest | {"sha256": hashes, "classes": list(CLASSES)}))


def write_sets(path: Path, **changes: list[int]) -> Path:
    """Forgets class 0 (ant). Names with `_` for `-`."""
    forget = [row for row in range(48) if row % 4 == 0]
    retain = [row for row in range(48) if row % 4 != 0]
    sets = {
        "train": list(range(40)),
        "validation": list(range(40, 48)),
        "forget-train": forget[:9],
        "forget-validation": forget[9:],
        "retain-train": retain[:27],
        "retain-validation": retain[27:],
    }
    sets |= {name.replace("_", "-"): rows for name, rows in changes.items()}
    path.write_text(json.dumps(sets))
    return path


class World:
    """A folder with pairs, sets and a random CLIP, and jobs upon them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.pairs = write_pairs(root / "pairs")
        self.sets = write_sets(root / "sets.json")
        made = create_checkpoint(COMPACT, [f"a photo of a {name}." for name in CLASSES], 3)
        self.model = root / "model"
        with torch.no_grad():
            for parameter in made.model.parameters():
                if parameter.ndim > 1:
                    parameter.mul_(6)  # a fresh CLIP says nearly the same of everything
        save_checkpoint(made.model, made.tokenizer, made.preprocessor, {"kind": "test"}, self.model)

    def clip(self, out: Path, **changes: Any) -> dict[str, Any]:
        """A job of six steps from scratch, which logs each."""
        return {
            "v": 1,
            "kind": "clip",
            "out": str(out),
            "data": {"pairs": str(self.pairs), "sets": str(self.sets)},
            "model": {"architecture": ARCHITECTURE},
            "steps": 6,
            "batch": {"items": 8},
            "optimizer": {"learningRate": 1e-3},
            "device": "cpu",
            "threads": 1,
            "save": {},
            "log": {"everySteps": 1},
        } | changes

    def cliperase(self, out: Path, **changes: Any) -> dict[str, Any]:
        """CLIPErase's six steps on the random CLIP."""
        job = self.clip(out, kind="cliperase", model={"path": str(self.model)}, batch={"forget": 4, "retain": 8})
        parts: dict[str, Any] = {"forgetting": {}, "retention": {}, "consistency": {}}
        return job | {"objective": {"name": "cliperase"} | parts} | changes


def cliperase_objective(
    forgetting: dict[str, Any] | None, retention: dict[str, Any] | None, consistency: dict[str, Any] | None
) -> dict[str, Any]:
    """The objective `cliperase` with the given parts; None switches one off."""
    return {"name": "cliperase", "forgetting": forgetting, "retention": retention, "consistency": consistency}


Event = dict[str, Any]


def run(job: dict[str, Any], stop: StopFlag | None = None) -> list[Event]:
    """Carries a job out in this process. Raises EngineError."""
    stream = io.StringIO()
    run_job(job, Wire(stream).events("test"), StopFlag() if stop is None else stop)
    return parse(stream.getvalue())


def parse(text: str) -> list[Event]:
    """Events of JSON lines."""
    return [json.loads(line) for line in text.splitlines()]


def of(events: list[Event], kind: str) -> list[Event]:
    """Those of one kind."""
    return [event for event in events if event["event"] == kind]


def losses(events: list[Event]) -> dict[int, float]:
    """Step to loss."""
    return {event["step"]: event["loss"] for event in of(events, "progress")}


def terms(events: list[Event]) -> dict[int, dict[str, float]]:
    """Step to terms."""
    return {event["step"]: event["losses"] for event in of(events, "progress")}


def history(out: Path) -> list[dict[str, Any]]:
    """Lines of history.jsonl."""
    return parse((out / "history.jsonl").read_text())


def weights(folder: Path | str) -> dict[str, torch.Tensor]:
    """Of a model folder."""
    return load_file(Path(folder) / "model.safetensors")


def same_weights(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    """Bit-equal."""
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def open_towers(folder: Path | str) -> tuple[Towers, Any]:
    """Towers in eval mode, and the checkpoint."""
    checkpoint = load_checkpoint(folder)
    return Towers(checkpoint.model, checkpoint.mean, checkpoint.std).eval(), checkpoint


def cpu_runtime(seed: int = 0) -> Any:
    """One process on the CPU."""
    return open_runtime("cpu", "fp32", seed)


def environment() -> dict[str, str]:
    """For the engine as a process of its own."""
    return os.environ | {"PYTHONPATH": str(SOURCE), "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}


def start(*arguments: str, processes: int = 1, **options: Any) -> subprocess.Popen[str]:
    """`python -m fettle_engine …`, under torch's launcher where several processes are asked for."""
    launcher = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes)]
    command = [sys.executable, *(launcher if processes > 1 else []), "-m", "fettle_engine", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment(), stdin=pipe, stdout=pipe, stderr=pipe, text=True, **options)


def write_job(path: Path, job: dict[str, Any]) -> str:
    """A job file."""
    path.write_text(json.dumps(job))
    return str(path)


def finish(process: subprocess.Popen[str], timeout: float = 60) -> tuple[int, list[Event], str]:
    """Exit code, events and what stderr says."""
    try:
        out, said = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return process.returncode, parse(out), said
