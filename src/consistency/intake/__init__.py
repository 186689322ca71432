"""Parts of the one door: how a file, an array or a tensor becomes planes of sRGB. `consistency.image` opens it."""
