"""HTTPS that the site speaks itself: what it takes, what it refuses, how it answers."""

from __future__ import annotations

import argparse
import os
import signal
import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from ipaddress import IPv4Address
from pathlib import Path
from socket import create_server

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shuangkong.cli.certificate import HTTPS, Certificate, certificate_of
from shuangkong.cli.refusal import CommandRefused

PATIENCE = 60


def made(folder: Path, name: str = "site") -> tuple[Path, Path]:
    """A certificate of this machine that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(whose, whose, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / f"{name}.pem", folder / f"{name}.key"
    chain.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return chain, secret


def asked(chain: Path | None, key: Path | None) -> Certificate | None:
    return certificate_of(argparse.Namespace(certificate=chain, key=key))


def test_what_is_taken_and_what_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HTTPS, "")
    (chain, key), (_other, foreign) = made(tmp_path), made(tmp_path, "other")
    assert asked(None, None) is None
    for told, code in (((chain, None), "CLI-012"), ((None, key), "CLI-012"), ((chain, foreign), "CLI-013"),
                       ((chain, tmp_path / "none"), "CLI-013"), ((key, key), "CLI-013")):  # fmt: skip
        with pytest.raises(CommandRefused) as refused:
            asked(*told)
        assert refused.value.code == code, told
    assert os.environ[HTTPS] == "", "settings are told of a certificate that can be used only"
    assert asked(chain, key) == Certificate(chain, key)
    assert os.environ[HTTPS] == "1"


def test_the_site_speaks_https_and_its_cookies_too(tmp_path: Path) -> None:
    chain, key = made(tmp_path)
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHUANGKONG_")}
    words = ("serve", "--address", f"127.0.0.1:{port}", "--no-store", "--gateway", "none", "--certificate", chain,
             "--key", key)  # fmt: skip
    log = tmp_path / "site.log"
    with log.open("wb") as out:
        site = subprocess.Popen(
            [Path(sys.executable).with_name("shuangkong"), *words], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            env=kept | {"SHUANGKONG_VAR": str(tmp_path / "var")}, start_new_session=True,
        )  # fmt: skip
    try:
        cookies = answered(port, ssl.create_default_context(cafile=chain), site, log)
        assert "Secure" in cookies
        assert f"https://127.0.0.1:{port}/" in log.read_text("utf-8")
    finally:
        os.killpg(site.pid, signal.SIGKILL)
        site.wait()


def answered(port: int, trust: ssl.SSLContext, site: subprocess.Popen[bytes], log: Path) -> str:
    """The cookies of the page to sign in; waits while the site comes up."""
    for _ in range(PATIENCE * 10):
        assert site.poll() is None, log.read_text("utf-8")
        line = HTTPSConnection("127.0.0.1", port, timeout=PATIENCE, context=trust)
        try:
            line.request("GET", "/login/")
            answer = line.getresponse()
            assert answer.status == 200
            return answer.getheader("Set-Cookie", "")
        except OSError:
            time.sleep(0.1)
        finally:
            line.close()
    raise AssertionError(log.read_text("utf-8"))
