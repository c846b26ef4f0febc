const prelude = `
import base64, hashlib, io, json, sys
import numpy as np
from PIL import Image

cases = json.load(sys.stdin)

def picture(case):
    data = np.frombuffer(base64.b64decode(case["pixels"]), np.uint8)
    return Image.fromarray(data.reshape(case["height"], case["width"], 3))

def sha256(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()
`;

export const resizeProgram = `${prelude}
def answer(case):
    small = picture(case).resize((case["toWidth"], case["toHeight"]), Image.Resampling.BICUBIC)
    return {"sha256": sha256(np.array(small))}

json.dump([answer(case) for case in cases], sys.stdout)
`;

/** The image processor itself, asked not to rescale: its values are then the 8-bit pixels, plane by plane. */
export const squareProgram = `${prelude}
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

def answer(case):
    processor = CLIPImageProcessorPil(
        size={"shortest_edge": case["size"]},
        crop_size={"height": case["crop"], "width": case["crop"]},
        do_rescale=False,
        do_normalize=False,
    )
    pixels = processor(picture(case), return_tensors="np")["pixel_values"][0]
    return {"sha256": sha256(pixels.astype(np.uint8))}

json.dump([answer(case) for case in cases], sys.stdout)
`;

/** One picture in the forms that files come in, each with the pixels that Pillow makes of it. */
export const decodeProgram = `${prelude}
from PIL import ImageCms

image = picture(cases[0])
ramp = Image.fromarray(np.tile(np.arange(image.width, dtype=np.uint8) * 10, (image.height, 1)))
rgba = image.copy()
rgba.putalpha(ramp)
palette = image.quantize(16)
grey = image.convert("L")
cmyk = image.convert("CMYK")
turned = Image.Exif()
turned[0x112] = 6
profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
deep = Image.fromarray((np.array(grey).astype(np.uint16) << 8) + 200)

files = {}

def add(name, picture, format, **options):
    buffer = io.BytesIO()
    picture.save(buffer, format, **options)
    opened = Image.open(io.BytesIO(buffer.getvalue()))
    # Pillow clips grey of 16 bits to 255; its upper 8 bits are what the picture looks like.
    pixels = np.array(grey.convert("RGB") if name == "grey of 16 bits" else opened.convert("RGB"))
    files[name] = {"bytes": base64.b64encode(buffer.getvalue()).decode(), "sha256": sha256(pixels)}

add("PNG", image, "PNG")
add("PNG with alpha", rgba, "PNG")
add("PNG with a palette", palette, "PNG")
add("PNG with a transparent palette entry", palette, "PNG", transparency=3)
add("grey PNG", grey, "PNG")
add("grey PNG with alpha", rgba.convert("LA"), "PNG")
add("PNG of one bit", image.convert("1"), "PNG")
add("grey of 16 bits", deep, "PNG")
add("PNG with a colour profile", image, "PNG", icc_profile=profile)
add("JPEG", image, "JPEG", quality=80)
add("JPEG with whole colours", image, "JPEG", quality=90, subsampling=0)
add("progressive JPEG", image, "JPEG", progressive=True)
add("grey JPEG", grey, "JPEG")
add("CMYK JPEG", cmyk, "JPEG")
add("JPEG that EXIF turns", image, "JPEG", exif=turned)
add("WebP", image, "WEBP", quality=70)
add("WebP with alpha", rgba, "WEBP", lossless=True, exact=True)
add("GIF", palette, "GIF")
add("TIFF", image, "TIFF", compression="tiff_lzw")
add("CMYK TIFF", cmyk, "TIFF")
json.dump([{"files": files}], sys.stdout)
`;
