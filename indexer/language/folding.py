"""Letters without their marks, exactly as both engines' ASCII folding filter sees them."""

import unicodedata

_BEYOND_DECOMPOSITION = """
    A:ᴀ AE:ᴁ B:ʙᴃ C:ʗᴄ D:ᴅᴆ E:ᴇⱻ F:ꜰꟻ G:ǥǧɢʛ H:ʜ I:ɪᵻꟾ J:ᴊ K:ᴋ L:ʟᴌ M:ᴍꟽꟿ N:ɴᴎ O:ᴏᴐ OE:ɶ OU:ᴕ P:ᴘ
    R:ʀʁᴙᴚ S:ꜱꞅ T:ᴛ U:ᴜᵾ V:ᴠ W:ᴡ Y:ʏ Z:ᴢ a:ɐəɚᶏᶕẚₐₔⱥａ aa:ꜳ ae:æǣǽᴂ ao:ꜵ au:ꜷ av:ꜹꜻ ay:ꜽ b:ƀƃɓᵬᶀｂ
    c:ƈȼɕↄꜿｃ d:ðđƌȡɖɗᵭᶁᶑꝺｄ db:ȸ dz:ǆǳʣʥ e:ǝɇɘɛɜɝɞʚᴈᶒᶓᶔₑⱸｅ f:ƒᵮᶂẛꝼｆ ff:ﬀ ffi:ﬃ ffl:ﬄ fi:ﬁ fl:ﬂ g:ɠɡᵷᵹᶃꝿｇ
    h:ħɥɦʮʯⱨⱶｈ hv:ƕ i:ıɨᴉᵢᵼᶖⁱｉ ij:ĳ j:ȷɉɟʄʝⱼｊ k:ƙʞᶄⱪꝁꝃꝅｋ l:ŀłƚȴɫɬɭᶅⱡꝇꝉꞁｌ lj:ǉ ll:ỻ ls:ʪ lz:ʫ m:ɯɰɱᵯᶆｍ
    n:ŉŋƞȵɲɳᵰᶇⁿｎ nj:ǌ o:øǿɔɵᴖᴗᶗₒⱺꝋꝍｏ oe:œᴔ oo:ꝏ ou:ȣ p:ƥᵱᵽᶈꝑꝓꝕꟼｐ q:ĸɋʠꝗꝙｑ qp:ȹ r:ɍɼɽɾɿᵣᵲᵳᶉꝛꞃｒ
    s:ſȿʂᵴᶊẜẝｓ ss:ß st:ﬆ t:ŧƫƭȶʇʈᵵⱦｔ tc:ʨ th:þᵺꝧ ts:ʦ tz:ꜩ u:ʉᵤᶙｕ ue:ᵫ v:ʋʌᵥᶌⱱⱴꝟｖ vy:ꝡ w:ƿʍⱳｗ x:ᶍₓｘ
    y:ƴɏʎỿｙ z:ƶȝȥɀʐʑᵶᶎⱬꝣｚ D:ĐÐ
    0:０ 1:１ 2:２ 3:３ 4:４ 5:５ 6:６ 7:７ 8:８ 9:９
"""
"""Lower-case letters and digits that Lucene's ASCIIFoldingFilter (and tantivy's copy of it) leads to ASCII though
no canonical decomposition does, by result. Its oddities (ǧ gives a capital) are kept: the engines must agree."""


class _Folded(dict[int, str]):
    """Character to its folded form; each is worked out when first met."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        bare = "".join(
            part for part in unicodedata.normalize("NFD", letter) if unicodedata.category(part)[0] != "M"
        )
        folded = bare if bare.isascii() else letter
        self[code] = folded
        return folded


_FOLDED = _Folded(
    {
        ord(letter): result
        for result, _, letters in (group.partition(":") for group in _BEYOND_DECOMPOSITION.split())
        for letter in letters
    },
)


def fold(text: str) -> str:
    """Text without marks: đ is d, ộ is o. Case is kept; words and their order too.

    On search text this equals the engines' ASCII folding followed by removal of marks, letter by letter.
    """
    return text if text.isascii() else text.translate(_FOLDED)
