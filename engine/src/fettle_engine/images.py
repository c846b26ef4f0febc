"""Opening image files that others made: known formats, bounded size, RGB."""

from __future__ import annotations

import warnings

from PIL import Image, UnidentifiedImageError

from .errors import EngineError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
MAX_PIXELS = 100_000_000


def open_image(path: str) -> Image.Image:
    """The first frame of an image file as RGB. Raises bad_data with the path."""
    try:
        with warnings.catch_warnings():
            # Pillow's own warning comes at fewer pixels than ours; the bound below is the one that counts.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise EngineError(
                        "bad_data",
                        f"The image {path} has {image.width} x {image.height} pixels; {MAX_PIXELS} are the most",
                        hint="Make it smaller",
                    )
                return image.convert("RGB")
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise EngineError(
            "bad_data",
            f"The image {path} cannot be read: {error}",
            hint=f"It must be a whole file of one of these formats: {', '.join(FORMATS)}",
        ) from error
