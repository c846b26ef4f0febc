"""Reads a pairs folder (images and texts prepared for training) and the file that names its sets."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from .errors import EngineError
from .file_hash import file_sha256

FILES = ("items.jsonl", "texts.jsonl", "pixels.safetensors")
_HASHED_PIXELS = 1 << 30
_PREPARE = "Prepare the pairs again."


@dataclass(frozen=True)
class Pairs:
    """N items and M distinct texts of a pairs folder."""

    folder: Path
    ids: tuple[str, ...]
    captions: tuple[tuple[int, ...], ...]
    """Rows of `texts` of each item, at least one."""
    labels: tuple[int | None, ...]
    """Row of `classes` of each item."""
    classes: tuple[str, ...] | None
    texts: tuple[str, ...]
    pixels: Tensor
    """uint8 [N, 3, S, S], RGB, memory-mapped."""
    image_size: int
    sha256: dict[str, str]
    """Of each file, as the manifest says."""


def read_pairs(folder: str | Path) -> Pairs:
    """Opens a pairs folder. Raises bad_data with file and line where something is missing or does not fit.

    The hashes of the manifest are checked, those of pixels only up to 1 GiB, since reading more takes too long.
    """
    root = Path(folder)
    manifest = _manifest(root)
    for name in FILES:
        _check_hash(root / name, manifest["sha256"].get(name))
    texts = tuple(_text(root, line, value) for line, value in _lines(root / "texts.jsonl"))
    classes = manifest.get("classes")
    classes = None if classes is None else tuple(str(name) for name in classes)
    items = [_item(root, line, value, len(texts), classes) for line, value in _lines(root / "items.jsonl")]
    size = manifest["image"]["size"]
    pixels = _pixels(root / "pixels.safetensors", len(items), size)
    for count, name in ((len(items), "items"), (len(texts), "texts")):
        if manifest.get(name) != count:
            raise _bad(root / "manifest.json", f"says {manifest.get(name)} {name}, the folder has {count}")
    return Pairs(
        folder=root,
        ids=tuple(item[0] for item in items),
        captions=tuple(item[1] for item in items),
        labels=tuple(item[2] for item in items),
        classes=classes,
        texts=texts,
        pixels=pixels,
        image_size=size,
        sha256=dict(manifest["sha256"]),
    )


def read_sets(path: str | Path, items: int) -> dict[str, tuple[int, ...]]:
    """Set name to rows of items.jsonl. Raises bad_data for rows outside of it and for rows named twice in a set."""
    file = Path(path)
    value = _json(file, _read(file))
    if not isinstance(value, dict):
        raise _bad(file, "is not an object of set names to rows")
    sets: dict[str, tuple[int, ...]] = {}
    for name, rows in value.items():
        if not isinstance(rows, list) or not all(type(row) is int for row in rows):
            raise _bad(file, f"the set {name} is not a list of row numbers")
        outside = next((row for row in rows if not 0 <= row < items), None)
        if outside is not None:
            raise _bad(file, f"the set {name} names row {outside}; the pairs have rows 0 to {items - 1}")
        if len(set(rows)) != len(rows):
            raise _bad(file, f"the set {name} names a row twice")
        sets[str(name)] = tuple(rows)
    return sets


def require_set(sets: dict[str, tuple[int, ...]], name: str) -> tuple[int, ...]:
    """The rows of a set that the job cannot do without."""
    if name not in sets:
        raise EngineError(
            "bad_data",
            f"data.sets has no set {name}; it has {', '.join(sorted(sets)) or 'none'}.",
            f"Write the set {name} into the sets file.",
        )
    if not sets[name]:
        raise EngineError("bad_data", f"The set {name} is empty.", "Choose a rule that some item meets.")
    return sets[name]


def refuse_overlap(sets: dict[str, tuple[int, ...]], first: str, second: str) -> None:
    """Raises bad_data where two sets share an item."""
    shared = sorted(set(sets.get(first, ())) & set(sets.get(second, ())))
    if shared:
        raise EngineError(
            "bad_data",
            f"The sets {first} and {second} share {len(shared)} items, row {shared[0]} for one.",
            "Each item belongs to one of them; a shared one would be forgotten and kept at once.",
            {"shared": len(shared)},
        )


def _manifest(root: Path) -> dict[str, Any]:
    path = root / "manifest.json"
    value = _json(path, _read(path))
    if not isinstance(value, dict) or value.get("kind") != "pairs" or value.get("version") != 1:
        raise _bad(path, "is not the manifest of a pairs folder of version 1")
    image = value.get("image")
    if not isinstance(image, dict) or type(image.get("size")) is not int or image.get("channels") != 3:
        raise _bad(path, "has no image size with 3 channels")
    if not isinstance(value.get("sha256"), dict):
        raise _bad(path, "has no hashes")
    return value


def _check_hash(path: Path, expected: object) -> None:
    if not path.is_file():
        raise _bad(path, "is missing")
    if not isinstance(expected, str):
        raise _bad(path, "has no hash in manifest.json")
    if path.suffix == ".safetensors" and path.stat().st_size > _HASHED_PIXELS:
        return
    if file_sha256(path) != expected:
        raise _bad(path, "is not the file that manifest.json describes (other sha256)")


def _lines(path: Path) -> list[tuple[int, dict[str, Any]]]:
    values = []
    for number, line in enumerate(_read(path).split("\n"), 1):
        if line.strip():
            value = _json(path, line, number)
            if not isinstance(value, dict):
                raise _bad(path, f"line {number} is not an object")
            values.append((number, value))
    return values


def _text(root: Path, line: int, value: dict[str, Any]) -> str:
    if not isinstance(value.get("text"), str):
        raise _bad(root / "texts.jsonl", f"line {line} has no text")
    return value["text"]


def _item(
    root: Path, line: int, value: dict[str, Any], texts: int, classes: tuple[str, ...] | None
) -> tuple[str, tuple[int, ...], int | None]:
    rows, label, path = value.get("texts"), value.get("class"), root / "items.jsonl"
    if not isinstance(rows, list) or not rows or not all(type(row) is int and 0 <= row < texts for row in rows):
        raise _bad(path, f"line {line} needs texts: rows of texts.jsonl from 0 to {texts - 1}")
    if label is not None and (type(label) is not int or classes is None or not 0 <= label < len(classes)):
        raise _bad(path, f"line {line} has a class that is no row of the manifest's classes")
    return str(value.get("id", line - 1)), tuple(rows), label


def open_pixels(path: Path) -> Tensor:
    """The memory-mapped tensor `pixels` of a pairs folder's file, whatever its shape. Raises bad_data."""
    try:
        with safe_open(path, framework="pt") as file:
            return file.get_tensor("pixels")
    except (SafetensorError, OSError) as error:
        raise _bad(path, f"cannot be opened: {error}") from error


def _pixels(path: Path, items: int, size: int) -> Tensor:
    pixels = open_pixels(path)
    if pixels.dtype != torch.uint8 or tuple(pixels.shape) != (items, 3, size, size):
        raise _bad(path, f"holds {pixels.dtype} {list(pixels.shape)}, not uint8 {[items, 3, size, size]}")
    return pixels


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _bad(path, f"cannot be read: {error}") from error


def _json(path: Path, text: str, line: int | None = None) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        where = "" if line is None else f"line {line} "
        raise _bad(path, f"{where}is not JSON: {error}") from error


def _bad(path: Path, what: str) -> EngineError:
    return EngineError("bad_data", f"{path}: {what}.", _PREPARE, {"path": str(path)})
