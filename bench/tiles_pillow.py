"""The geometry of a plan done with Pillow: letterboxed canvases cut into tiles, squashed thumbnails, as PNG.

Reads a JSON plan from the file named first: [{path, thumbnail, tile, grid: null or {canvas, scaled, left, top}}].
Prints one JSON document: seconds, peak memory in KiB, Pillow's version, and the SHA-256 of each input's pixels in order.
With --keep FOLDER the pixels of every input are written there as 0.rgb, 1.rgb, … .
"""

import hashlib
import io
import json
import pathlib
import resource
import sys
import time

import PIL
from PIL import Image


def inputs(entry: dict):
    image = Image.open(entry["path"]).convert("RGB")
    side = entry["tile"]
    if entry["thumbnail"]:
        yield image.resize((side, side), Image.Resampling.BICUBIC)
    grid = entry["grid"]
    if grid is None:
        return
    canvas = Image.new("RGB", tuple(grid["canvas"]), (0, 0, 0))
    canvas.paste(image.resize(tuple(grid["scaled"]), Image.Resampling.BICUBIC), (grid["left"], grid["top"]))
    for top in range(0, canvas.height, side):
        for left in range(0, canvas.width, side):
            yield canvas.crop((left, top, left + side, top + side))


def main() -> None:
    plan = json.loads(pathlib.Path(sys.argv[1]).read_text())
    keep = pathlib.Path(sys.argv[sys.argv.index("--keep") + 1]) if "--keep" in sys.argv else None
    hashes: list[str] = []
    count = 0
    begin = time.perf_counter()
    for entry in plan:
        for picture in inputs(entry):
            if keep is None:
                picture.save(io.BytesIO(), "PNG")
            else:
                pixels = picture.tobytes()
                hashes.append(hashlib.sha256(pixels).hexdigest())
                (keep / f"{count}.rgb").write_bytes(pixels)
            count += 1
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    json.dump({"seconds": seconds, "inputs": count, "peakKiB": peak, "version": PIL.__version__, "hashes": hashes}, sys.stdout)


main()
