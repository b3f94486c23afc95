"""Why there was no answer: few words, the same for all addresses, and in brackets what would help."""

import http.client
import re
import socket
import ssl
from collections.abc import Iterator

from urllib3.exceptions import (
    ConnectTimeoutError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
)

from crawler.certificates import hint, plain
from crawler.connect import AddressRefused, HeadTooLong
from crawler.trust import DEFAULT

CLOSED = "connection closed without answer"

_REASONS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    ((NameResolutionError, socket.gaierror), "name not found"),
    (ConnectTimeoutError, "no connection in time"),
    ((ReadTimeoutError, TimeoutError), "no answer in time"),
    (ConnectionRefusedError, "connection refused"),
    ((http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError), CLOSED),
    (http.client.LineTooLong, "a header that is too long"),
    (HeadTooLong, "headers without end"),
    (http.client.BadStatusLine, "no HTTP answer"),
    (http.client.HTTPException, "headers that make no sense"),
)
_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})")
_TOO_WEAK = (66, 67, 68)
"""X509_V_ERR_EE_KEY_TOO_SMALL, …_CA_KEY_TOO_SMALL, …_CA_MD_TOO_WEAK."""
_OLD = frozenset(
    {
        *("UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "WRONG_SSL_VERSION", "DH_KEY_TOO_SMALL"),
        *("UNSAFE_LEGACY_RENEGOTIATION_DISABLED", "SSLV3_ALERT_HANDSHAKE_FAILURE", "NO_CIPHERS_AVAILABLE"),
        *(
            "LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED",
            "WRONG_SIGNATURE_TYPE",
            "EE_KEY_TOO_SMALL",
            "CA_KEY_TOO_SMALL",
        ),
        *("CA_MD_TOO_WEAK", "TLSV1_ALERT_INSUFFICIENT_SECURITY", "NO_SUITABLE_SIGNATURE_ALGORITHM"),
    }
)
_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE"})


def reason_of(error: Exception, host: str, lowest: str = DEFAULT, certificate: bytes = b"") -> str:
    """What went wrong with a request to a host of which this TLS version and no lower one is accepted.

    `certificate` is what it showed (DER), if that was not accepted.
    """
    causes = list(_causes(error))
    reason = next((told for cause in causes if (told := _told(cause, host, lowest, certificate))), "")
    reason = reason or f"{type(causes[-1]).__name__} ({plain(str(error))})"
    return f"proxy: {reason}" if any(map(_is_of_proxy, causes)) else reason


def short(reason: str) -> str:
    """A reason without what differs from address to address: what can be counted."""
    return reason.partition(" (")[0]


def _told(cause: BaseException, host: str, lowest: str, certificate: bytes) -> str:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _certificate_reason(cause, host, lowest, certificate)
    if isinstance(cause, ssl.SSLError):
        return _tls_reason(cause.reason or "", host, lowest)
    if isinstance(cause, AddressRefused):
        return str(cause)
    known = (reason for kinds, reason in _REASONS if isinstance(cause, kinds))
    if type(cause) is not NewConnectionError:  # what it wraps says more
        return next(known, "") or _system_reason(cause)
    return ""


def _system_reason(cause: BaseException) -> str:
    tunnel = _TUNNEL.match(str(cause)) if isinstance(cause, OSError) else None
    if tunnel:
        return f"status {tunnel[1]}"
    return (getattr(cause, "strerror", None) or "").lower()


def _certificate_reason(cause: ssl.SSLCertVerificationError, host: str, lowest: str, certificate: bytes) -> str:
    words = plain(cause.verify_message or "not accepted").partition(", certificate is not")[0]
    code = cause.verify_code
    help_ = _old_tls(host, lowest) if code in _TOO_WEAK else hint(code, certificate, host)
    return f"TLS: {words}" + (f" ({help_})" if help_ else "")


def _tls_reason(reason: str, host: str, lowest: str) -> str:
    words = f"TLS: {reason.replace('_', ' ').lower() or 'failed'}"
    if reason in _OLD:
        return f"{words} ({_old_tls(host, lowest)})"
    return f"{words} (the server does not speak TLS there)" if reason in _NO_TLS else words


def _old_tls(host: str, lowest: str) -> str:
    if lowest < DEFAULT:
        return f"the server is older still than MIC_CRAWL_TLS={host}={lowest} accepts"
    return f"an old server: MIC_CRAWL_TLS={host}=1.0 accepts it"


def _is_of_proxy(cause: BaseException) -> bool:
    return isinstance(cause, ProxyError) or _TUNNEL.match(str(cause)) is not None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and what it wraps, in whichever of the three ways these libraries have."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        cause = waiting.pop(0)
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [getattr(cause, "reason", None), *cause.args, cause.__cause__, cause.__context__]
