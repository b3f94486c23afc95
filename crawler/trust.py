"""Which certificates and TLS versions are accepted of each host; none is ever accepted unverified."""

import ssl
import warnings

import certifi
from urllib3.util.ssl_ import create_urllib3_context

from config.settings import Settings

DEFAULT = "1.2"
_LEGACY_SERVER_CONNECT = 0x4
"""OpenSSL's name is SSL_OP_LEGACY_SERVER_CONNECT; Python has one for it from 3.12 on."""
_VERSIONS = {
    "1.0": ssl.TLSVersion.TLSv1,
    "1.1": ssl.TLSVersion.TLSv1_1,
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}


class TrustError(Exception):
    """A file of certificates cannot be read; the message names the setting and the file."""


class Trust:
    """What these settings accept. Certificates are read once for all hosts they are set for."""

    def __init__(self, settings: Settings) -> None:
        """Raises TrustError for a file of MIC_CRAWL_CA that cannot be read."""
        self._settings = settings
        self._contexts: dict[tuple[tuple[str, ...], str], ssl.SSLContext] = {}
        self._by_host: dict[str, ssl.SSLContext] = {}
        for file in {file for _, file in settings.crawl_ca.entries}:
            _load(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), file)

    def context(self, host: str) -> ssl.SSLContext:
        """How TLS is spoken with a host."""
        if host not in self._by_host:
            wanted = (self._settings.crawl_ca.all(host), self.lowest(host))
            if wanted not in self._contexts:
                self._contexts[wanted] = _context(*wanted)
            self._by_host[host] = self._contexts[wanted]
        return self._by_host[host]

    def lowest(self, host: str) -> str:
        """The lowest TLS version accepted of a host."""
        return self._settings.crawl_tls.find(host) or DEFAULT


def _context(files: tuple[str, ...], lowest: str) -> ssl.SSLContext:
    # A file may hold just what a server forgets to send: its issuer, whoever that one is issued by.
    context = create_urllib3_context(verify_flags=ssl.VERIFY_X509_PARTIAL_CHAIN)
    context.load_verify_locations(certifi.where())
    for file in files:
        _load(context, file)
    if lowest < DEFAULT:
        # Servers of that age sign with SHA-1, have short keys and do not know secure renegotiation (RFC 5746).
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.options |= _LEGACY_SERVER_CONNECT
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = _VERSIONS[lowest]
    return context


def _load(context: ssl.SSLContext, file: str) -> None:
    try:
        context.load_verify_locations(file)
    except (OSError, ValueError) as error:
        raise TrustError(f"MIC_CRAWL_CA: {file}: {getattr(error, 'strerror', None) or error}") from error
