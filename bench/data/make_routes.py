#!/usr/bin/env python3
"""Writes a table of routes and requests for it, for contests of routers.

Usage: make_routes.py FOLDER (--count N | --table FILE)

FOLDER/routes.txt   "METHOD /path/{parameter}" a line; the first is route 0
FOLDER/hits.txt     "METHOD /path" a line: requests that reach a route, at most 4,096
FOLDER/misses.txt   the same number of requests that reach none

The same arguments give the same files everywhere. --table takes a table of somebody else, with ":parameter" too. The
generated ones look like the interfaces of shops and are such that every router can express them: where a parameter may
stand nothing else may, and it is always called the same.
"""

import argparse
import pathlib
import random
import re

REQUESTS_MAX = 4096
SEED = 20
KINDS = ["", "archived-", "draft-", "shared-", "regional-", "daily-", "internal-", "partner-", "pending-", "seasonal-"]
THINGS = (
    "accounts addresses agreements assets audits baskets batches bills brands budgets campaigns carriers catalogs "
    "categories channels claims contacts contracts coupons credits customers deliveries devices discounts documents "
    "employees events exports feeds files forecasts gifts imports invoices items jobs labels ledgers licenses listings "
    "locations messages offers orders packages payments plans policies prices products profiles projects quotes "
    "receipts refunds regions reports returns reviews roles schedules segments sellers sessions shipments stocks stores "
    "subscriptions suppliers tasks taxes templates tickets transfers vendors vouchers warehouses wishlists"
).split()
AREAS = "billing catalog checkout crm finance fulfilment identity loyalty marketing orders search support".split()
ACTIONS = ["approve", "cancel", "close", "confirm", "export", "publish", "reopen", "restore", "submit", "verify"]


class Dice:
    """Numbers that do not depend on the version of Python, as those of `choice` and `sample` do."""

    def __init__(self, seed):
        self.source = random.Random(seed)

    def below(self, bound):
        return int(self.source.random() * bound)

    def one_of(self, values):
        return values[self.below(len(values))]

    def happens(self, probability):
        return self.source.random() < probability

    def some_of(self, values, count):
        """Different ones, in an order of their own."""
        left = list(values)
        return [left.pop(self.below(len(left))) for _ in range(min(count, len(left)))]

    def shuffled(self, values):
        mixed = list(values)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed


def collection(prefix, dice, name):
    """What can be done with things of one kind, and with what belongs to them."""
    parameter = "{" + name.rsplit("-", 1)[-1] + "_id}"
    whole, one = f"{prefix}/{name}", f"{prefix}/{name}/{parameter}"
    yield from (("GET", whole), ("POST", whole), ("GET", one), ("PUT", one), ("DELETE", one))
    for action in dice.some_of(ACTIONS, dice.below(3)):
        yield "POST", f"{one}/{action}"
    for part in dice.some_of([thing for thing in THINGS if thing not in name], dice.below(4)):
        yield from (("GET", f"{one}/{part}"), ("POST", f"{one}/{part}"))
        yield from (("GET", f"{one}/{part}/{{{part}_part}}"), ("PATCH", f"{one}/{part}/{{{part}_part}}"))


def generated(count):
    """`count` different routes, (method, pattern) each."""
    dice, routes = Dice(SEED), []
    names = [(area, f"v{version}", kind + thing) for version in (1, 2, 3) for area in AREAS for kind in KINDS
             for thing in THINGS]  # fmt: skip
    for area, version, name in dice.shuffled(names):
        routes.extend(collection(f"/{area}/{version}", dice, name))
        if len(routes) >= count:
            return dice.shuffled(routes[:count])
    raise SystemExit(f"there are names for {len(routes)} routes and no more")


def read_table(path):
    lines = [line.split() for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return [(method, re.sub(r":(\w+)", r"{\1}", pattern)) for method, pattern in lines]


class Tree:
    """The plainest router there is, to know what must become of a request."""

    def __init__(self, routes):
        self.root = {}
        for row, (method, pattern) in enumerate(routes):
            node = self.root
            for segment in [method, *pattern.split("/")[1:]]:
                node = node.setdefault("{}" if segment.startswith("{") else segment, {})
            assert None not in node, f"{method} {pattern} is there twice"
            node[None] = row

    def find(self, method, path):
        """The row of the route, or None. What is written out goes before a parameter."""
        return self._find(self.root, [method, *path.split("/")[1:]])

    def _find(self, node, segments):
        if not segments:
            return node.get(None)
        for key in (segments[0], "{}"):
            if key in node and (key != "{}" or segments[0]):
                found = self._find(node[key], segments[1:])
                if found is not None:
                    return found
        return None


def filled_in(pattern, dice):
    return re.sub(r"{\w+}", lambda _: str(1000 + dice.below(900_000)), pattern)


def hits_of(routes, tree, dice):
    rows = dice.shuffled(range(len(routes)))[:REQUESTS_MAX]
    hits = [(routes[row][0], filled_in(routes[row][1], dice)) for row in rows]
    assert [tree.find(*hit) for hit in hits] == rows
    return hits


def misses_of(hits, tree, dice):
    """Requests that nearly hit: another method, a segment more, a segment less, another name, another beginning."""
    def changed(method, path):
        segments = path.split("/")
        spot = 1 + dice.below(len(segments) - 1)
        misspelt = "/".join([*segments[:spot], segments[spot] + "x", *segments[spot + 1 :]])
        ways = [("PATCH", path), (method, path + "/none"), (method, path.rsplit("/", 1)[0] or "/none"),
                (method, misspelt), (method, "/none" + path)]  # fmt: skip
        return dice.one_of(ways)

    misses = []
    for hit in hits:
        miss = changed(*hit)
        while tree.find(*miss) is not None:
            miss = changed(*hit)
        misses.append(miss)
    return misses


def write(path, pairs):
    path.write_text("".join(f"{method} {target}\n" for method, target in pairs))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--count", type=int, help="routes to generate")
    source.add_argument("--table", type=pathlib.Path, help="routes to take")
    wanted = parser.parse_args()
    routes = read_table(wanted.table) if wanted.table else generated(wanted.count)
    tree, dice = Tree(routes), Dice(SEED + 1)
    hits = hits_of(routes, tree, dice)
    wanted.folder.mkdir(parents=True, exist_ok=True)
    write(wanted.folder / "routes.txt", routes)
    write(wanted.folder / "hits.txt", hits)
    write(wanted.folder / "misses.txt", misses_of(hits, tree, dice))


if __name__ == "__main__":
    main()
