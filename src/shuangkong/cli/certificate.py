"""证书: HTTPS that the site speaks itself, with no front server: which certificate, with which key."""

from __future__ import annotations

import argparse
import os
import ssl
from dataclasses import dataclass
from pathlib import Path

from shuangkong.cli.refusal import CommandRefused

#: Environment variable of settings: the site itself speaks HTTPS, so cookies go by HTTPS only.
HTTPS = "SHUANGKONG_HTTPS"


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files in PEM; ``chain`` holds the certificate, then those that vouch for it; the key has no password."""

    chain: Path
    key: Path


def add_certificate_arguments(parser: argparse.ArgumentParser) -> None:
    """What a command takes that may speak HTTPS."""
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="HTTPS 证书链，PEM (certificate chain)")
    parser.add_argument("--key", type=Path, metavar="FILE", help="证书的私钥，PEM，无口令 (its key, without password)")


def certificate_of(args: argparse.Namespace) -> Certificate | None:
    """The certificate that was named, after a look whether it can be used; None: plain HTTP.

    Sets what settings read: call it before the site is opened.

    Raises:
        CommandRefused: CLI-012 one of the two is lacking, CLI-013 they cannot be read or do not belong together.
    """
    if args.certificate is None and args.key is None:
        return None
    if args.certificate is None or args.key is None:
        raise CommandRefused(
            "CLI-012",
            "--certificate 和 --key 要一起给，只给了一个。请补上另一个，或都不给。",
            "--certificate and --key go together, only one was given. Give the other too, or neither.",
        )
    try:
        # A key with a password gets an empty one, lest the start wait for somebody to type.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(args.certificate, args.key, password="")
    except (OSError, ValueError) as fault:
        raise CommandRefused(
            "CLI-013",
            f"证书 {args.certificate} 和私钥 {args.key} 不能用：应为配对的 PEM 文件，私钥无口令，"
            f"系统答复“{fault}”。请核对两个文件。",
            f"Certificate {args.certificate} and key {args.key} cannot be used: expected PEM files that belong"
            f" together, the key without a password; the system says “{fault}”. Look at both files.",
        ) from fault
    os.environ[HTTPS] = "1"
    return Certificate(args.certificate.resolve(), args.key.resolve())
