"""What was answered, decoded and understood without knowing the site's articles: all of it pure."""

from crawler.page.answer import FetchedPage, Headers, first_header
from crawler.page.body import BodyError, Decoded, body, decode
from crawler.page.bounds import harm
from crawler.page.capture import Capture, is_stamp_of, stamp
from crawler.page.html import Html, SoftError
from crawler.page.links import Links

__all__ = [
    "BodyError",
    "Capture",
    "Decoded",
    "FetchedPage",
    "Headers",
    "Html",
    "Links",
    "SoftError",
    "body",
    "decode",
    "first_header",
    "harm",
    "is_stamp_of",
    "stamp",
]
