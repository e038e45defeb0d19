"""Pictures as a person sees them: turned upright, on white where they are transparent, grey."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from sdae.errors import SdaeError

SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp")
BYTES = ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "HSV", "LAB")  # Pillow's names of 8 bits


def is_picture(path: Path) -> bool:
    """Whether a file's name is a picture's."""
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def grey(path: Path) -> np.ndarray:
    """Read a picture as grey levels, bytes (height, width), as a viewer shows it on white.

    What a camera says of how it was held is done first (EXIF orientation), and what is transparent is laid on white.

    Raises:
        SdaeError: If it is no picture, is damaged, has more than eight bits a channel, or cannot be seen on white.
    """
    try:
        with Image.open(path) as image:
            if image.mode not in BYTES:
                raise SdaeError(f"{path}: has more than 8 bits a pixel ({image.mode}); make it an 8-bit picture")
            upright = ImageOps.exif_transpose(image)
            if upright.has_transparency_data:
                return _on_white(upright, path)
            return np.asarray(upright.convert("L"))
    except SdaeError:
        raise
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        reason = getattr(error, "strerror", None) or "damaged, or of another kind"
        raise SdaeError(f"{path}: cannot be read as a picture ({reason})") from None


def _on_white(image: Image.Image, path: Path) -> np.ndarray:
    image = image.convert("RGBA")
    opacity = np.asarray(image.getchannel("A"))
    page = Image.new("RGBA", image.size, (255, 255, 255, 255))
    levels = np.asarray(Image.alpha_composite(page, image).convert("L"))
    if levels.min() == 255 and opacity.max() > 0 and opacity.min() < 255:
        raise SdaeError(f"{path}: is white on a transparent ground, and so cannot be seen; save it on a dark ground")
    return levels


def size(shape: tuple[int, ...]) -> str:
    """Show height and width as people say them, width first."""
    return f"{shape[1]} × {shape[0]}"
