"""ONNX files of both towers give PyTorch's features; the folder appears whole or not at all."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
import tiny_models
import torch
from tiny_training import cpu_runtime, open_towers

from fettle_engine.errors import EngineError
from fettle_engine.export import handle
from fettle_engine.losses.clip import unit
from fettle_engine.wire import Wire

onnxruntime = pytest.importorskip("onnxruntime")
pytest.importorskip("onnxscript")


def export(model: Path, out: Path, tolerance: float = 1e-4) -> dict[str, Any]:
    request = {"v": 1, "id": "e", "op": "export", "model": str(model), "out": str(out), "tolerance": tolerance}
    return handle(request, cpu_runtime(), Wire(io.StringIO()).events("e"))


@pytest.mark.parametrize("kind", ["clip", "siglip"])
def test_exported_towers_are_those_of_pytorch(tmp_path: Path, kind: str) -> None:
    model, out = tiny_models.dual_encoder(tmp_path / "model", kind), tmp_path / "onnx"
    result = export(model, out)
    assert result["largestDifference"] <= 1e-4
    towers, checkpoint = open_towers(model)
    facts = json.loads((out / "clip.json").read_text())
    pixels = torch.randint(0, 256, (5, 3, 32, 32), generator=torch.Generator().manual_seed(1), dtype=torch.uint8)
    mean, std = (torch.tensor(facts[name]).view(1, 3, 1, 1) for name in ("mean", "std"))
    texts = ["a dog", "a photo of an apple", "the answer is B"]
    length = facts["maxTokens"]
    tokens = checkpoint.tokenizer(texts, padding="max_length", max_length=length, return_tensors="pt")["input_ids"]
    inputs = {
        "vision": {"pixel_values": ((pixels / 255 - mean) / std).numpy()},
        "text": {"input_ids": tokens.numpy()},
    }
    with torch.no_grad():
        expected = {"vision": unit(towers.images(pixels)), "text": unit(towers.texts(tokens))}
    for name, given in inputs.items():
        session = onnxruntime.InferenceSession(str(out / f"{name}.onnx"), providers=["CPUExecutionProvider"])
        found = torch.from_numpy(session.run(None, given)[0])
        torch.testing.assert_close(found, expected[name], atol=1e-4, rtol=0)
        assert found.shape[1] == facts["width"]
        assert hashlib.sha256((out / f"{name}.onnx").read_bytes()).hexdigest() == facts["sha256"][f"{name}.onnx"]
    assert facts["scale"] == pytest.approx(towers.scale.item(), rel=1e-6)
    assert (facts["bias"] is None) == (kind == "clip")
    assert (out / "tokenizer.json").is_file()


def test_a_difference_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fettle_engine import export as module

    model, out = tiny_models.dual_encoder(tmp_path / "model"), tmp_path / "onnx"
    monkeypatch.setattr(module, "_write", lambda tower, path, *rest: path.write_text("half"))
    monkeypatch.setattr(module, "_difference", lambda *arguments: float("nan"))
    with pytest.raises(EngineError) as caught:
        export(model, out)
    assert caught.value.code == "export_mismatch"
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
