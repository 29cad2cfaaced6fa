"""Makes the pictures of this folder and, by Pillow (9.4), what is seen of each: NAME.EXT and NAME.EXT.ppm or .pgm.

The pixels follow a formula; files that Pillow cannot write (interlaced PNG, YCCK) are put together here and read by it.
"""
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

W, H = 24, 16
y, x = np.mgrid[0:H, 0:W]
rgb = np.stack([x * 10, y * 15, 255 - (x + y) * 6], -1).astype(np.uint8)
grey = (x * 6 + y * 7).astype(np.uint8)
alpha = ((x * 255) // (W - 1)).astype(np.uint8)


def expect(name, seen=None):
    seen = seen or Image.open(name)
    plain = seen.mode in ("1", "L", "LA")
    if seen.mode.startswith("I"):
        values = np.asarray(seen).astype(np.int64)
        seen, plain = Image.fromarray(((values * 255 + 32767) // 65535).astype(np.uint8)), True
    if seen.mode == "CMYK":
        seen = seen.convert("RGB")
    seen = seen.convert("RGBA")
    white = Image.new("RGBA", seen.size, (255, 255, 255, 255))
    seen = Image.alpha_composite(white, seen).convert("L" if plain else "RGB")
    seen.save(name + (".pgm" if plain else ".ppm"))


def save(picture, name, **options):
    picture.save(name, **options)
    expect(name)


# Photographs, every way up.
for orientation in range(1, 9):
    picture = Image.fromarray(rgb)
    exif = picture.getexif()
    exif[0x010F], exif[0x0112] = "a camera", orientation
    name = f"way-up-{orientation}.jpg"
    picture.save(name, quality=95, subsampling=0, exif=exif)
    expect(name, ImageOps.exif_transpose(Image.open(name)))

save(Image.fromarray(grey), "grey.jpg", quality=95)
save(Image.fromarray(rgb), "progressive.jpg", quality=95, subsampling=0, progressive=True)
inks = Image.merge("CMYK", [Image.fromarray(p) for p in (rgb[..., 0], rgb[..., 1], rgb[..., 2], grey)])
save(inks, "cmyk.jpg", quality=95, subsampling=0)
# The same planes, said to be luminance, chrominance and black: the last byte of Adobe's segment.
file = bytearray(open("cmyk.jpg", "rb").read())
at = file.index(b"Adobe")
file[at + 11] = 2
open("ycck.jpg", "wb").write(file)
expect("ycck.jpg")

# PNG as Pillow writes it.
save(Image.fromarray((grey > 90)), "bilevel.png")
save(Image.fromarray(grey), "grey.png")
save(Image.fromarray(np.stack([grey, alpha], -1), "LA"), "grey-alpha.png")
save(Image.fromarray(grey), "grey-key.png", transparency=int(grey[3, 4]))
save(Image.fromarray((x * 2500 + y * 499).astype(np.uint16)), "grey-16.png")
save(Image.fromarray(rgb), "rgb.png")
save(Image.fromarray(rgb), "rgb-key.png", transparency=tuple(int(v) for v in rgb[3, 4]))
save(Image.fromarray(np.dstack([rgb, alpha])), "rgba.png")
for bits in (1, 2, 4, 8):
    palette = Image.fromarray(rgb).quantize(1 << bits)
    save(palette, f"palette-{bits}.png", bits=bits)
    save(palette, f"palette-{bits}-alpha.png", bits=bits, transparency=bytes((40 * i) % 256 for i in range(2)))


# Interlaced PNG, and 16 bits of colour.
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def write(name, pixels, colour, depth, interlaced, *extra):
    """pixels: rows, columns, samples per pixel."""
    def rows(part):
        flat = part.reshape(part.shape[0], -1)
        if depth == 16:
            return b"".join(b"\0" + row.astype(">u2").tobytes() for row in flat)
        if depth == 8:
            return b"".join(b"\0" + row.astype(np.uint8).tobytes() for row in flat)
        packed = b""
        for row in flat:
            bits = "".join(format(int(v), f"0{depth}b") for v in row)
            bits += "0" * (-len(bits) % 8)
            packed += b"\0" + bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))
        return packed

    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)] if interlaced else [(0, 0, 1, 1)]
    data = b"".join(rows(pixels[y0::dy, x0::dx]) for x0, y0, dx, dy in passes)
    header = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], depth, colour, 0, 0, int(interlaced))
    open(name, "wb").write(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunk(k, d) for k, d in extra) + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b""))
    expect(name)


for depth in (1, 2, 4, 8):
    write(f"grey-{depth}-interlaced.png", ((grey.astype(int) * ((1 << depth) - 1)) // 255)[..., None], 0, depth, True)
write("rgb-interlaced.png", rgb, 2, 8, True)
write("rgba-interlaced.png", np.dstack([rgb, alpha]), 6, 8, True)
write("palette-4-interlaced.png", ((x + y) % 16)[..., None], 3, 4, True, (b"PLTE", bytes((17 * i * (c + 1)) % 256 for i in range(16) for c in range(3))))
write("rgb-16.png", rgb.astype(int) * 257, 2, 16, False)
write("rgba-16-interlaced.png", np.dstack([rgb, alpha]).astype(int) * 257, 6, 16, True)
