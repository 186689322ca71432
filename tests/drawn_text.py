"""Lines of text drawn as a picture: upright, stacked, along an arc."""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFont

PAPER, INK = (205, 212, 218), (12, 24, 60)


def face(size):
    return ImageFont.load_default(size)


def written(text, place=(400, 400), size=48, canvas=(800, 800)):
    """One line around its middle."""
    image = Image.new("RGB", canvas, PAPER)
    ImageDraw.Draw(image).text(place, text, font=face(size), fill=INK, anchor="mm")
    return image


def stacked(text, pitch):
    """Upright letters one below the other, so many pixels apart."""
    image = Image.new("RGB", (800, 800), PAPER)
    for index, letter in enumerate(text):
        ImageDraw.Draw(image).text((400, 60 + index * pitch), letter, font=face(48), fill=INK, anchor="mt")
    return np.array(image)


def along_arc(text, radius, size=44):
    """Letters on a circle, each turned to its tangent, the text's middle at the top."""
    image, font = Image.new("RGB", (800, 800), PAPER), face(size)
    angle = -font.getlength(text) / radius / 2
    for letter in text:
        width = font.getlength(letter)
        middle = angle + width / radius / 2
        glyph = Image.new("L", (3 * size, 3 * size), 0)
        ImageDraw.Draw(glyph).text((1.5 * size, 1.5 * size), letter, font=font, fill=255, anchor="ms")
        glyph = glyph.rotate(-math.degrees(middle), Image.Resampling.BICUBIC)
        x, y = 400 + radius * math.sin(middle), 500 - radius * math.cos(middle)
        image.paste(INK, (round(x - 1.5 * size), round(y - 1.5 * size)), glyph)
        angle += width / radius
    return np.array(image)
