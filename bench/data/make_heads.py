#!/usr/bin/env python3
"""Writes head-703.http, head-703-root.http, head-SIZE.http, head-cut.http and head-control.http beside itself, the same
bytes every time.

head-703 has the shape of a request that head parsers have long been compared on: 703 bytes, a path of 60, nine
fields of the same names and value lengths. The text is ours. head-703-root is as long, but its path is the root: what it
takes less is what a path costs. head-SIZE is a head of exactly SIZE bytes; with the size
grow the number of fields and the length of their values. Nobody accepts the other two: one is head-703 without its
last byte, the other has a control byte in a value.
"""

import pathlib
import random
import string

FOLDER = pathlib.Path(__file__).resolve().parent
FIELDS_OF_SIZE = {200: 4, 700: 10, 2048: 25, 8192: 60, 32768: 100}
PATH = "/catalog/garden/tools/secateurs/bypass/left-handed/small.jpg"
NAMES = ["Delivery-Window", "Basket", "Offer", "Region-Of-Garden", "Season", "Plot-Size", "Soil", "Shelf-Mark", "Trace"]


def head(path, fields):
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields), "", ""]
    return "\r\n".join(lines).encode("ascii")


def text(numbers, size):
    """Words as in a field value: letters, digits and some marks."""
    alphabet = string.ascii_letters * 3 + string.digits * 3 + "-_.;=/, "
    inner = "".join(numbers.choice(alphabet) for _ in range(size - 2))
    return "v" + inner + "w"  # no blank at either end


def shape_703():
    agent = (
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0; en-IE; garden edition) "
        "Gecko/20100101 Firefox/128.0 Build/2026110.1200"
    )
    accept = "text/html,application/xhtml+xml,application/xml;q=0.8,*/*;q=0.5"
    values = {
        "Host": ("shop.example:8080", 17),
        "User-Agent": (agent, 112),
        "Accept": (accept, 63),
        "Accept-Language": ("en-ie,en;q=0.7,de;q=0.3", 23),
        "Accept-Encoding": ("gzip,deflate", 12),
        "Accept-Charset": ("utf-8,iso-8859-15;q=0.6,*;q=0", 29),
        "Keep-Alive": ("115", 3),
        "Connection": ("keep-alive", 10),
        "Cookie": (cookie(231), 231),
    }
    for name, (value, size) in values.items():
        if len(value) != size:
            raise SystemExit(f"{name} has {len(value)} bytes, not {size}")
    return head(PATH, [(name, value) for name, (value, _) in values.items()])


def cookie(size):
    pairs = "session=8c1f0b5e2d7a4c36; theme=dark; region=leinster; consent=necessary; "
    basket = "basket=3f9a77d041c24f4e9d580c7e5b21aa60; seen="
    return (pairs + basket + "pruners.loppers.rakes.hoes.spades.forks." * 4)[: size - 1] + "1"


def shape_of_size(size, count):
    numbers = random.Random(size)
    names = [f"X-{numbers.choice(NAMES)}-{i}" for i in range(1, count)]
    fixed = len(head("/", [("Host", "shop.example"), *((name, "") for name in names)]))
    weights = [numbers.uniform(0.4, 1.6) for _ in names]
    room = size - fixed
    sizes = [max(2, int(room * weight / sum(weights))) for weight in weights]
    sizes[-1] += room - sum(sizes)
    return head("/", [("Host", "shop.example"), *((name, text(numbers, n)) for name, n in zip(names, sizes))])


def main():
    made = {703: shape_703()}
    made.update({size: shape_of_size(size, count) for size, count in FIELDS_OF_SIZE.items()})
    for size, content in made.items():
        if len(content) != size:
            raise SystemExit(f"head-{size}: {len(content)} bytes")
        (FOLDER / f"head-{size}.http").write_bytes(content)
    longer_agent = b"Build/" + b"2026110." * 7 + b"123"
    root = made[703].replace(PATH.encode(), b"/").replace(b"Build/", longer_agent)
    (FOLDER / "head-703-root.http").write_bytes(root)
    (FOLDER / "head-cut.http").write_bytes(made[703][:-1])
    (FOLDER / "head-control.http").write_bytes(made[703].replace(b"theme=dark", b"theme=\x01ark"))


main()
