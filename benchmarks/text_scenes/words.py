"""The words that the drawn texts are made of; none of them is anybody's."""

from __future__ import annotations


def listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


WORDS = listed("""
wake slow cold calm morning taste rest rise brew quiet summer fresh night sale winter light garden bread salt
river stone paper glass cotton leather silver bright simple honest little autumn spring valley harbour island
coffee orange lemon violet maple cedar linen wool clay copper amber coral velvet forest ocean mountain journey
weekend holiday kitchen bedroom studio market corner bakery flower sunlight outdoor running walking sleeping
better faster longer softer stronger warmer lighter new free now only made with for your every day all more
""")

ACCENTED = listed("""
Café Crème Größe Maß Señor Niño Łódź Ångström façade Čokoláda São Paulo Über Straße señorita garçon naïve Zürich
Malmö København Reykjavík Dvořák žluťoučký kůň piñata jalapeño crème brûlée élégant déjà vu Öl Ärger smörgåsbord
Kraków Gdańsk święto Île-de-France été hôtel château Kärnten Süß Müsli Björk ação coração pão
""")

SYLLABLES = listed("""
ba be bri co cre da dor el fen ga gra ho il ja ka kli lo lum ma mi mon na no or pa pri qua ra ro sa se sta ti
tra u va vo wi xo ya zen zi
""")
"""Of invented names: no reader can guess them from a language."""

LOOKALIKES = listed("""
0O O0 1l lI Il 5S S5 83 B8 38 2Z Z2 6G G6 71 49 9g gq qg ce ec oa ao mn nu uv vu rn tf ft ij ji EF FE PR CG .,
,. :; ;: !l -~ ée èé öo üu ñn çc åä ÅA ßB łl ŁL řr čc ™® €£ $S
""")
"""Two characters each: what is right, and what a generator or a reader easily makes of it."""
