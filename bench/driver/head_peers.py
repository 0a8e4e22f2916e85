"""Head parsers that the native worker loads: peers/heads/NAME.c, or the crate peers/heads/NAME. `NAME-portable` is the
same parser without vector instructions. They are built into peers/ beside the worker when they are asked for first,
from source packages fetched with pip and cargo; README.md says more.
"""

import hashlib
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tarfile
import venv

HEADS = pathlib.Path(__file__).resolve().parents[1] / "peers/heads"
PORTABLE = "-portable"
BUILT_BY_CMAKE = "ours" + PORTABLE
# The package that carries the parser, where in it the parser is, and what has to be compiled.
C_SOURCES = {
    "picohttpparser": ("freastal", "vendor/picohttpparser", ["picohttpparser.c"], "."),
    "llhttp": ("httptools", "vendor/llhttp", ["src/api.c", "src/http.c", "src/llhttp.c"], "include"),
    "http-parser": ("httptools", "vendor/http-parser", ["http_parser.c"], "."),
}
# Python before 3.11.4, that of Debian 12, has no filter.
EXTRACTION = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
# On other processors a parser that has vector code needs no flag for it, or has none.
VECTOR_FLAGS = ["-msse4.2"] if platform.machine() == "x86_64" else []


def name_of_parser(peer):
    return peer.removesuffix(PORTABLE)


def is_one(peer):
    parser = name_of_parser(peer)
    return peer == BUILT_BY_CMAKE or (HEADS / f"{parser.replace('-', '_')}.c").exists() or (HEADS / parser).is_dir()


def file_of(peer, worker):
    return pathlib.Path(worker).resolve().parent / "peers" / f"{peer}.so"


def provide(peers, worker):
    """Builds those of the peers that are head parsers and not built yet. One that fails is told and left out."""
    for peer in peers:
        if not is_one(peer) or peer == BUILT_BY_CMAKE:
            continue
        try:
            build(peer, file_of(peer, worker))
        except (OSError, subprocess.CalledProcessError, tarfile.TarError) as error:
            print(f"{peer} does not build: {error}", file=sys.stderr)


def build(peer, target):
    stamp = target.with_suffix(".stamp")
    now = fingerprint()
    if target.exists() and stamp.exists() and stamp.read_text() == now:
        return
    print(f"building {peer} ...", file=sys.stderr)
    target.unlink(missing_ok=True)
    folder = target.parent / "sources"
    folder.mkdir(parents=True, exist_ok=True)
    made = build_c(peer, folder) if name_of_parser(peer) in C_SOURCES else build_crate(peer, folder)
    made.replace(target)
    stamp.write_text(now)


def fingerprint():
    digest = hashlib.sha256(pathlib.Path(__file__).read_bytes())
    for path in sorted(HEADS.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(HEADS)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def build_c(peer, folder):
    package, inside, sources, include = C_SOURCES[name_of_parser(peer)]
    parser = unpacked(package, folder) / inside
    shim = HEADS / f"{name_of_parser(peer).replace('-', '_')}.c"
    made = folder / f"{peer}.so"
    # -O3 as in our release build. Hidden: no parser may find a symbol of another.
    flags = ["-std=gnu11", "-O3", "-DNDEBUG", "-fPIC", "-shared", "-fvisibility=hidden", "-Wl,-Bsymbolic"]
    flags += [] if peer.endswith(PORTABLE) else VECTOR_FLAGS
    run([compiler(), *flags, f"-I{parser / include}", shim, *(parser / source for source in sources), "-o", made])
    return made


def build_crate(peer, folder):
    parser = name_of_parser(peer)
    copy = folder / peer  # cargo writes a lock file beside the manifest
    shutil.copytree(HEADS / parser, copy, dirs_exist_ok=True)
    environment = dict(os.environ)
    if peer.endswith(PORTABLE):
        environment[f"CARGO_CFG_{parser.upper()}_DISABLE_SIMD"] = "1"
    crate = ["--manifest-path", copy / "Cargo.toml", "--target-dir", copy / "target"]
    run(["cargo", "build", "--quiet", "--release", *crate], environment)
    return copy / "target/release" / f"libostiary_bench_{parser}.so"


def unpacked(package, folder):
    """The root of the source package, fetched into `folder` unless it is there."""
    pinned = {line.split("==")[0]: line.strip() for line in requirements()}[package]
    place = folder / pinned.replace("==", "-")
    if not place.exists():
        python = folder / "venv/bin/python"
        if not python.exists():
            venv.create(folder / "venv", with_pip=True)
        fetched = folder / "fetched" / place.name
        sources_only = ["--no-deps", "--no-binary", ":all:"]
        pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check"]
        run([*pip, "download", *sources_only, "--dest", fetched, pinned])
        (archive,) = fetched.glob("*.tar.gz")
        with tarfile.open(archive) as archived:
            archived.extractall(place, **EXTRACTION)
    (root,) = place.iterdir()
    return root


def requirements():
    lines = (HEADS / "requirements.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def compiler():
    return os.environ.get("CC", "cc")


def run(command, environment=None):
    subprocess.run([str(part) for part in command], check=True, env=environment, stdout=sys.stderr)
