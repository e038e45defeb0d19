"""Reads pictures as a viewer shows them on white, and converts them to grey."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from sdae.errors import MissingData, SdaeError

SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp")
BYTES = ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "HSV", "LAB")  # Pillow's 8-bit modes


def is_picture(path: Path) -> bool:
    """Whether a file's name is that of a picture."""
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def grey(path: Path) -> np.ndarray:
    """Read a picture as grey levels (height, width), uint8.

    It is rotated by its EXIF orientation, and transparent parts become white.

    Raises:
        SdaeError: If the file is not a picture, is damaged, has more than 8 bits per channel, or is invisible on white.
    """
    try:
        with Image.open(path) as image:
            if image.mode not in BYTES:
                raise SdaeError(f"{path}: has more than 8 bits per channel ({image.mode}); make it an 8-bit picture")
            upright = ImageOps.exif_transpose(image)
            if upright.has_transparency_data:
                return _on_white(upright, path)
            return np.asarray(upright.convert("L"))
    except SdaeError:
        raise
    except FileNotFoundError:
        raise MissingData(f"{path}: no such file") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        reason = getattr(error, "strerror", None) or "damaged, or another format"
        raise SdaeError(f"{path}: cannot be read as a picture ({reason})") from None


def _on_white(image: Image.Image, path: Path) -> np.ndarray:
    image = image.convert("RGBA")
    opacity = np.asarray(image.getchannel("A"))
    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    levels = np.asarray(Image.alpha_composite(white, image).convert("L"))
    if levels.min() == 255 and opacity.max() > 0 and opacity.min() < 255:
        raise SdaeError(f"{path}: is white on a transparent background, and so invisible; save it on a dark background")
    return levels


def size(shape: tuple[int, ...]) -> str:
    """Format (height, width) as height × width."""
    return f"{shape[0]} × {shape[1]}"
