"""What devices see of the gateway, and what of them is kept."""

from __future__ import annotations

import json
import os
import resource
import signal
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from devices import MN, Line, body, frame, gateway, kept, profile, qn_of, server, until

from shuangkong.cli import main
from shuangkong.gateway.listening.config import BadConfig, Listener, read_config
from shuangkong.gateway.listening.connection import Verdict
from shuangkong.protocols.hj212.check import modbus_value
from shuangkong.protocols.hj212.frame import wrap
from shuangkong.protocols.hj212.sm4 import Key, wrap_enciphered
from shuangkong.readings.evidence import Kind


def test_a_frame_is_answered_and_lies_in_the_log_as_it_came(tmp_path: Path) -> None:
    with server(tmp_path) as ours:
        line = Line(ours.ports[0])
        sent = frame(1)
        for at in range(0, len(sent), 11):
            line.send(sent[at : at + 11])
        # HJ 212-2017 6.5: the same QN, ST=91, the edition's bits alone in Flag, an empty data area.
        assert line.answer() == wrap(f"QN=20240520210700001;ST=91;CN=9014;PW=123456;MN={MN};Flag=4;CP=&&&&".encode())
        line.close()
        until(lambda: not ours.gate.connections)
    (record,) = kept(tmp_path / "gateway")
    assert (record.payload, record.mark, record.listener) == (sent, Verdict.KNOWN, 0)
    (opened,) = kept(tmp_path / "gateway", Kind.OPENED)
    assert json.loads(opened.payload) == {"peer": "127.0.0.1", "listener": "line"}
    assert opened.connection == record.connection
    assert abs(record.received / 1e9 - datetime.now(UTC).timestamp()) < 60
    assert [each.connection for each in kept(tmp_path / "gateway", Kind.CLOSED)] == [record.connection]


def test_many_frames_of_one_read_are_answered_in_their_order(tmp_path: Path) -> None:
    with server(tmp_path) as ours:
        line = Line(ours.ports[0])
        line.send(b"noise" + b"".join(frame(number) for number in range(200)))
        assert [qn_of(each) for each in line.answers(200)] == list(range(200))
        # A resend is answered again, and kept again: which of them counts is seen later.
        line.send(frame(7))
        assert qn_of(line.answer()) == 7
    assert len(kept(tmp_path / "gateway")) == 201
    assert [each.payload for each in kept(tmp_path / "gateway", Kind.NOISE)] == [b"noise"]


@pytest.mark.parametrize(
    ("sent", "verdict"),
    [
        (frame(1, PW="654321"), Verdict.PASSWORD),
        (wrap(body(1))[:-6] + b"1111\r\n", Verdict.CHECK),
        (frame(1)[:6] + body(1) + b"%04X\r\n" % modbus_value(body(1)), Verdict.CHECK),
        (frame(1, MN=None), Verdict.HEADLESS),
    ],
)
def test_what_is_not_right_is_kept_and_not_answered(tmp_path: Path, sent: bytes, verdict: Verdict) -> None:
    with server(tmp_path) as ours:
        line = Line(ours.ports[0])
        line.send(sent)
        until(lambda: ours.gate.verdicts[verdict])
        line.send(frame(2))
        assert qn_of(line.answer()) == 2
    assert [each.mark for each in kept(tmp_path / "gateway")] == [verdict, Verdict.KNOWN]
    assert kept(tmp_path / "gateway")[0].payload == sent


def test_a_device_may_reckon_the_check_value_as_its_profile_says(tmp_path: Path) -> None:
    with server(tmp_path, [profile(variants=["modbus"])]) as ours:
        line = Line(ours.ports[0])
        line.send(frame(1)[:6] + body(1) + b"%04X\r\n" % modbus_value(body(1)))
        assert qn_of(line.answer()) == 1
        line.send(frame(2))
        assert qn_of(line.answer()) == 2


def test_an_unknown_device_is_kept_and_answered_or_not_as_the_operator_says(tmp_path: Path) -> None:
    with server(tmp_path, []) as ours:
        line = Line(ours.ports[0])
        line.send(frame(1))
        assert qn_of(line.answer()) == 1
    assert [each.mark for each in kept(tmp_path / "gateway")] == [Verdict.UNKNOWN]
    (tmp_path / "other").mkdir()
    with server(tmp_path / "other", [], answers_unknown=False) as ours:
        line = Line(ours.ports[0])
        line.send(frame(1))
        until(lambda: ours.gate.verdicts[Verdict.UNKNOWN])
        assert line.is_silent()
    assert [each.mark for each in kept(tmp_path / "other" / "gateway")] == [Verdict.UNKNOWN]


@pytest.mark.parametrize(
    ("head", "answered"),
    [
        ({"Flag": 5}, b"CN=9014"),
        ({"Flag": 9}, b"Flag=8;"),
        ({"Flag": 1}, b"Flag=0;"),
        ({"Flag": 4}, None),
        ({"Flag": None, "QN": None}, None),
        ({"CN": "1013"}, b"CN=9013"),
        ({"CN": "9015", "Flag": 9}, b"CN=9013"),
        ({"CN": "9011"}, None),
    ],
)
def test_only_what_wants_an_answer_has_one(tmp_path: Path, head: dict[str, object], answered: bytes | None) -> None:
    with server(tmp_path) as ours:
        line = Line(ours.ports[0])
        line.send(frame(1, **head) + frame(2))
        told = line.answer()
        if answered is None:
            assert qn_of(told) == 2
        else:
            assert answered in told


def test_an_enciphered_frame_is_answered_where_a_key_opens_it(tmp_path: Path) -> None:
    """HJ 212-2025 6.4: the check value is that of the plain text."""
    sent = wrap_enciphered(body(1, Flag=9), Key(b"0" * 16, datetime.now(UTC)))
    with server(tmp_path, [profile(keys=["31" * 16, "30" * 16])]) as ours:
        line = Line(ours.ports[0])
        line.send(sent)
        assert qn_of(line.answer()) == 1
        line.send(wrap_enciphered(body(2, Flag=9), Key(b"x" * 16, datetime.now(UTC))) + frame(3))
        assert qn_of(line.answer()) == 3
    assert [each.mark for each in kept(tmp_path / "gateway")] == [Verdict.KNOWN, Verdict.CHECK, Verdict.KNOWN]
    assert kept(tmp_path / "gateway")[0].payload == sent


def test_a_platform_may_say_ready_in_its_answers(tmp_path: Path) -> None:
    with server(tmp_path, [profile(says_ready=True)]) as ours:
        line = Line(ours.ports[0])
        line.send(frame(1))
        assert b"CP=&&QnRtn=1&&" in line.answer()


def test_profiles_change_while_lines_stay(tmp_path: Path) -> None:
    with server(tmp_path, [profile(password="other")]) as ours:
        line = Line(ours.ports[0])
        line.send(frame(1))
        until(lambda: ours.gate.verdicts[Verdict.PASSWORD])
        path = tmp_path / "profiles.json"
        path.write_text(json.dumps([profile()]))
        ours.gate.loop.call_soon_threadsafe(ours.reload)
        until(lambda: ours.gate.book[MN.encode()].password == "123456")
        line.send(frame(2))
        assert qn_of(line.answer()) == 2
        path.write_text("no JSON")
        ours.gate.loop.call_soon_threadsafe(ours.reload)
        until(lambda: any("GTW-104" in each for each in ours.told))
        line.send(frame(3))
        assert qn_of(line.answer()) == 3
        path.write_text(json.dumps([profile(password="another")]))
        ours.gate.loop.call_soon_threadsafe(ours.reload)
        until(lambda: ours.gate.book[MN.encode()].password == "another")
        line.send(frame(4))
        until(lambda: ours.gate.verdicts[Verdict.PASSWORD] == 2)
        assert line.is_silent()


def test_more_connections_than_allowed_are_refused_and_those_there_stay(tmp_path: Path) -> None:
    with server(tmp_path, connections=3, per_address=2) as ours:
        lines = [Line(ours.ports[0]) for _ in range(2)]
        until(lambda: len(ours.gate.connections) == 2)
        assert Line(ours.ports[0]).answer() == b""
        assert ours.gate.ended == {"too many connections of one address": 1}
        for line in lines:
            line.send(frame(1))
            assert qn_of(line.answer()) == 1
        lines.pop().close()
        until(lambda: len(ours.gate.connections) == 1)
        again = Line(ours.ports[0])
        again.send(frame(2))
        assert qn_of(again.answer()) == 2


@pytest.mark.parametrize(
    ("limits", "sent", "why"),
    [
        ({"idle_seconds": 0.05}, b"", "idle"),
        ({"frame_seconds": 0.05}, frame(1)[:50], "frame not finished"),
        ({"stray_bytes": 999}, b"x" * 1000, "stray bytes"),
        ({"stray_bytes": 300}, frame(1, MN="1" * 24) * 3, "stray bytes"),
    ],
)
def test_who_holds_a_line_for_nothing_loses_it(tmp_path: Path, limits: dict[str, float], sent: bytes, why: str) -> None:
    with server(tmp_path, **limits) as ours:
        line = Line(ours.ports[0])
        line.send(sent)
        until(lambda: line.answer() == b"")
        assert ours.gate.ended == {why: 1}


def test_of_who_takes_no_answers_no_more_is_read(tmp_path: Path) -> None:
    with server(tmp_path, unread_bytes=2000, unread_seconds=1.2) as ours:
        line = Line(ours.ports[0])
        line.socket.settimeout(0.5)
        with suppress(TimeoutError, ConnectionError):
            while True:
                line.send(frame(1) * 100)
        until(lambda: ours.gate.ended == {"takes no answers": 1})
        other = Line(ours.ports[0])
        other.send(frame(2))
        assert qn_of(other.answer()) == 2


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An invented certificate of localhost, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "certificate.pem", folder / "key.pem"


def test_several_listeners_with_and_without_tls(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    both = (Listener("plain", "127.0.0.1", 0), Listener("secret", "127.0.0.1", 0, *certificate))
    with server(tmp_path, listeners=both) as ours:
        context = ssl.create_default_context(cafile=certificate[0])
        secret = Line(ours.ports[1], context)
        assert secret.socket.version() in ("TLSv1.2", "TLSv1.3")
        secret.send(frame(1))
        assert qn_of(secret.answer()) == 1
        plain = Line(ours.ports[0])
        plain.send(frame(2))
        assert qn_of(plain.answer()) == 2
        with pytest.raises(ssl.SSLCertVerificationError):
            Line(ours.ports[1], ssl.create_default_context())
        secret.close()
    assert [each.listener for each in kept(tmp_path / "gateway")] == [1, 0]


def test_who_is_not_let_through_the_door_is_told(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    secured = (Listener("secret", "127.0.0.1", 0, *certificate),)
    with server(tmp_path, listeners=secured, handshake_seconds=0.2) as ours:
        welcome = Line(ours.ports[0], ssl.create_default_context(cafile=certificate[0]))
        plain = Line(ours.ports[0])
        plain.send(frame(1))
        until(lambda: ours.status()["ended_lately"])
        [told] = ours.status()["ended_lately"]  # type: ignore[misc]
        assert (told["why"], told["listener"], told["frames"]) == ("no handshake", "secret", 0)
        welcome.send(frame(2))
        assert qn_of(welcome.answer()) == 2
        welcome.close()
        plain.close()


def test_who_is_too_slow_is_told(tmp_path: Path) -> None:
    with server(tmp_path, frame_seconds=0.2) as ours:
        slow = Line(ours.ports[0])
        slow.send(frame(1))
        slow.answer()
        slow.send(frame(2)[:50])
        until(lambda: ours.status()["ended_lately"])
        [told] = ours.status()["ended_lately"]  # type: ignore[misc]
        assert (told["why"], told["peer"], told["mn"]) == ("frame not finished", "127.0.0.1", MN)
        assert told["frames"] == 1


def test_a_stop_answers_what_is_under_way(tmp_path: Path) -> None:
    (tmp_path / "profiles.json").write_text(json.dumps([profile()]))
    with gateway(tmp_path / "gateway") as (process, port):
        line = Line(port)
        line.send(b"".join(frame(number) for number in range(50)))
        assert qn_of(line.answer()) == 0
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        while line.answer():
            pass
    status = json.loads((tmp_path / "gateway" / "status.json").read_text())
    assert status["is_stopping"]
    assert status["frames"]["known"] == len(kept(tmp_path / "gateway"))


def test_with_the_disk_full_nothing_is_answered_until_there_is_room(tmp_path: Path) -> None:
    (tmp_path / "profiles.json").write_text(json.dumps([profile()]))
    with gateway(tmp_path / "gateway") as (process, port):
        line = Line(port)
        line.send(frame(1))
        assert qn_of(line.answer()) == 1
        length = max(each.stat().st_size for each in (tmp_path / "gateway" / "evidence").glob("*.log"))
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (length + 500, resource.RLIM_INFINITY))
        line.send(b"".join(frame(number) for number in range(2, 40)))
        assert line.is_silent(0.3)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert [qn_of(each) for each in line.answers(38)] == list(range(2, 40))
        line.send(frame(99))
        assert qn_of(line.answer()) == 99
    assert len(kept(tmp_path / "gateway")) == 40


def test_with_the_disk_full_for_long_lines_end_and_nobody_is_let_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server(tmp_path, refuse_seconds=0.2) as ours:
        line = Line(ours.ports[0])
        line.send(frame(1))
        assert qn_of(line.answer()) == 1
        with monkeypatch.context() as patch:
            patch.setattr(os, "fdatasync", _full)
            line.send(frame(2))
            until(lambda: line.answer() == b"")
            assert ours.status()["refuses"] == "No space left on device"
            assert Line(ours.ports[0]).answer() == b""
            until(lambda: any("GTW-102" in each for each in ours.told))
        until(lambda: not ours.gate.committer.fault)
        again = Line(ours.ports[0])
        again.send(frame(2))
        assert qn_of(again.answer()) == 2
    assert [each.payload for each in kept(tmp_path / "gateway")] == [frame(1), frame(2), frame(2)]


def _full(_: int) -> None:
    raise OSError(28, "No space left on device")


def test_a_gateway_that_cannot_begin_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with server(tmp_path) as ours:
        words = ["listen", "--profiles", str(tmp_path / "profiles.json"), "--folder"]
        assert main([*words, str(tmp_path / "gateway"), "--address", "127.0.0.1:0"]) == 2
        assert "GTW-002" in capsys.readouterr().err
        assert main([*words, str(tmp_path / "other"), "--address", f"127.0.0.1:{ours.ports[0]}"]) == 2
        assert "GTW-003" in capsys.readouterr().err
    assert main([*words, str(tmp_path / "other"), "--address", "nowhere"]) == 2
    assert "GTW-001" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"\[\[listener\]\]"),
        ("listener = 3", r"\[\[listener\]\]"),
        ("[[listener]]\naddress = 'nowhere'", "host:port"),
        ("[[listener]]\naddress = '0.0.0.0:1'\ncolour = 1", "unknown colour; expected one of address, certificate"),
        ("[[listener]]\naddress = '0.0.0.0:1'\n[limits]\nidle_seconds = -1", "idle_seconds: expected a number above 0"),
        ("[[listener]", "cannot be read"),
    ],
)
def test_a_configuration_that_cannot_be_used_says_why(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "gateway.toml"
    path.write_text(text)
    with pytest.raises(BadConfig, match=said):
        read_config(path)


def test_a_configuration_as_the_page_of_the_operator_has_it(tmp_path: Path) -> None:
    path = tmp_path / "gateway.toml"
    path.write_text(
        'answers_unknown = false\n[[listener]]\nname = "专线"\naddress = "0.0.0.0:8212"\n'
        '[[listener]]\nname = "公网"\naddress = "[::]:8213"\ncertificate = "a.pem"\nkey = "a.key"\n'
        "[limits]\nconnections = 7\n"
    )
    config = read_config(path)
    assert config.listeners == (
        Listener("专线", "0.0.0.0", 8212),
        Listener("公网", "::", 8213, tmp_path / "a.pem", tmp_path / "a.key"),
    )
    assert (config.limits.connections, config.answers_unknown) == (7, False)
    with pytest.raises(BadConfig, match="公网"):
        config.listeners[1].context()
