"""Which elements and attributes of archived pages may stay: all that only says how a page looks."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _written(text: str) -> dict[str, str]:
    """Names as SVG writes them, by their forms in lower case."""
    return {name.lower(): name for name in text.split()}


VOID = _names("area br col hr img input wbr")
IMAGES = _names("img input")
DROPPED = _names(
    """script noscript template iframe frame frameset noframes object embed applet param base meta title math
    foreignobject animate animatemotion animatetransform set audio video source track canvas portal dialog
    xml plaintext xmp listing"""
)
"""These go with all that is in them; any other unknown element leaves what is in it."""

ELEMENTS = _names(
    """html head body address article aside footer header h1 h2 h3 h4 h5 h6 hgroup main nav section search
    blockquote dd div dl dt figcaption figure hr li menu ol p pre ul
    a abbr b bdi bdo br cite code data dfn em i kbd mark q rp rt ruby s samp small span strong sub sup time u
    var wbr area img map picture del ins caption col colgroup table tbody td tfoot th thead tr
    button datalist fieldset form input label legend meter optgroup option output progress select textarea
    details summary acronym big center dir font marquee nobr strike tt"""
)
ATTRIBUTES = _names(
    """abbr align alt axis bgcolor border bordercolor cellpadding cellspacing char charoff cite class clear color
    cols colspan compact coords datetime dir disabled face frame headers height hspace id lang label
    marginheight marginwidth max min noshade nowrap open placeholder reversed rows rowspan rules scope
    shape size span start summary title type usemap valign value vlink vspace width wrap"""
)
SVG = _written(
    """svg g path rect circle ellipse line polyline polygon text tspan defs use symbol linearGradient
    radialGradient stop clipPath mask pattern desc"""
)
PRESENTATION = _names("fill stroke filter mask clip-path marker-start marker-mid marker-end")
"""Attributes of SVG that may name other elements and images, as style sheets do."""
SVG_ATTRIBUTES = _written(
    """class id lang x y x1 y1 x2 y2 cx cy r rx ry fx fy dx dy d points width height viewBox preserveAspectRatio
    transform opacity fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap
    stroke-linejoin stroke-dasharray stroke-miterlimit clip-rule clip-path mask filter font-family font-size
    font-weight font-style text-anchor offset stop-color stop-opacity gradientUnits gradientTransform
    patternUnits patternTransform maskUnits clipPathUnits spreadMethod pathLength
    marker-start marker-mid marker-end"""
)
