"""A certificate authority for tests, and certificates of every make of wrong."""

import ssl
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """What a server shows. Negative days make a certificate that has run out, a late start one of tomorrow."""

    name: str
    days: int = 30
    from_now: int = -60
    """Days from today on which it becomes valid."""
    alternatives: Sequence[str] | None = None
    """Names it is for; its own if None."""
    source: str = ""
    """Where it says its issuer's certificate is to be had."""
    bits: int = 0
    """Of an RSA key; 0 for an elliptic curve."""
    is_old: bool = False
    """Whether it speaks TLS 1.0 and nothing later."""
    is_self_signed: bool = False


class Authority:
    """Signs certificates; `file` is what a client trusts."""

    def __init__(self, folder: Path, name: str = "Test authority", issuer: Self | None = None) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named(name)
        identifier = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        certificate = (
            _builder(self._name, self._key, (-60, 365))
            .issuer_name(issuer._name if issuer else self._name)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_usage(signs=True), critical=True)
            .add_extension(identifier, critical=False)
            .sign(issuer._key if issuer else self._key, hashes.SHA256())
        )
        self.file = folder / f"{name.replace(' ', '-')}.pem"
        self.file.write_bytes(certificate.public_bytes(Encoding.PEM))

    def server(self, *names: str) -> ssl.SSLContext:
        """A server's side of TLS for host names."""
        return self.context(Server(name=names[0], alternatives=names))

    def context(self, server: Server) -> ssl.SSLContext:
        """A server's side of TLS, right or wrong. It sends its own certificate alone."""
        file = self.certificate(server)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if server.is_old or server.bits:
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
        if server.is_old:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
        context.load_cert_chain(file)
        return context

    def certificate(self, server: Server) -> Path:
        """A certificate and its key in one file."""
        key: _Key = rsa.generate_private_key(65537, server.bits) if server.bits else _curve_key()
        names = [server.name] if server.alternatives is None else server.alternatives
        subject = _named(server.name)
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = (
            _builder(subject, key, (server.from_now, server.days))
            .issuer_name(subject if server.is_self_signed else self._name)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        )
        if names:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False
            )
        if not server.is_self_signed:
            builder = builder.add_extension(authority, critical=False)
        if server.source:
            place = x509.UniformResourceIdentifier(server.source)
            access = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, place)
            builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
        certificate = builder.sign(key if server.is_self_signed else self._key, hashes.SHA256())
        file = self._folder / f"{certificate.serial_number}.pem"
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(certificate.public_bytes(Encoding.PEM) + private)
        return file


def _curve_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(subject: x509.Name, key: _Key, days: tuple[int, int]) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )
