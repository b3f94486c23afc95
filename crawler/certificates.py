"""What is wrong with a certificate that was not accepted, with the setting that would help."""

from collections.abc import Callable

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

MOST = 80
"""Characters of a name that is told: certificates are made by anybody."""
_MOST_NAMES = 3

_Hint = Callable[[x509.Certificate, str], str]


def hint(code: int, certificate: bytes, host: str) -> str:
    """What would help against OpenSSL's X509_V_ERR_… of that number, or that nothing does.

    `certificate` is what the host showed (DER); '' where it cannot be read, or nothing is known of that number.
    """
    explain = _HINTS.get(code)
    if explain is None:
        return ""
    try:
        return explain(x509.load_der_x509_certificate(certificate), host)
    except ValueError:  # there is none, or it makes no sense
        return ""


def plain(text: str) -> str:
    """One short line of what somebody else wrote."""
    return "".join(letter if letter.isprintable() else " " for letter in text[:MOST]).strip()


def _unknown_issuer(certificate: x509.Certificate, host: str) -> str:
    issuer, source = _name(certificate.issuer), _source(certificate)
    told = f"issued by “{issuer}”, whose certificate in a file helps: MIC_CRAWL_CA={host}=FILE"
    return f"{told}; to be had at {source}" if source else told


def _self_signed(_certificate: x509.Certificate, host: str) -> str:
    return f"if it is the right one, that certificate in a file helps: MIC_CRAWL_CA={host}=FILE"


def _expired(certificate: x509.Certificate, _host: str) -> str:
    return (
        f"on {certificate.not_valid_after_utc:%Y-%m-%d}; no setting helps: whoever runs the server must renew it"
    )


def _not_yet(certificate: x509.Certificate, _host: str) -> str:
    return f"until {certificate.not_valid_before_utc:%Y-%m-%d}; no setting helps: is the clock here right?"


def _wrong_host(certificate: x509.Certificate, _host: str) -> str:
    return f"it is for {_hosts(certificate)}; no setting helps"


_HINTS: dict[int, _Hint] = {
    **dict.fromkeys((2, 19, 20, 21), _unknown_issuer),
    9: _not_yet,
    10: _expired,
    18: _self_signed,
    62: _wrong_host,
}
"""By the numbers of OpenSSL's x509_vfy.h."""


def _source(certificate: x509.Certificate) -> str:
    """Where the issuer's certificate is to be had, if the certificate says so."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return ""
    for place in access:
        is_issuer = place.access_method == AuthorityInformationAccessOID.CA_ISSUERS
        if is_issuer and isinstance(place.access_location, x509.UniformResourceIdentifier):
            return plain(place.access_location.value)
    return ""


def _hosts(certificate: x509.Certificate) -> str:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return "no host by the rules of today"
    told = [plain(name) for name in names.get_values_for_type(x509.DNSName)]
    more = " and others" if len(told) > _MOST_NAMES else ""
    return ", ".join(told[:_MOST_NAMES]) + more if told else "no host"


def _name(name: x509.Name) -> str:
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in name.get_attributes_for_oid(kind):
            return plain(str(attribute.value))
    return plain(name.rfc4514_string())
