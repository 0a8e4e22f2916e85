#!/usr/bin/env python3
"""Questions of network-config-analyzer about Istio's AuthorizationPolicy, through `ostiary gate check`.

Usage: istio_policies.py OSTIARY_COMMAND

The corpus is looked for in $OSTIARY_CORPORA, else in ../shared/corpora beside the checkout; without it, or without a
reader of YAML, everything is skipped by name (exit status 77). A set of policies becomes a Gate:

  a workload that is called    a host with a route for everything, since policies are chosen by workload
  a workload that calls        an address of its own; what calls from elsewhere has the address that it has
  namespaces, principals       the addresses of the workloads that have them, as the other program resolves them too
  ports                        an integer claim of a token that every request has
  methods, paths               themselves, over the methods that a Gate knows

So equivalence, containment and vacuity (being equivalent to no policies at all) are proofs in one direction or both;
of a semantic difference every workload is asked about by itself, from every other, for what is added and removed.
What that cannot say is left out and named.
"""

import fnmatch
import ipaddress
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
CORPUS = pathlib.Path(os.environ.get("OSTIARY_CORPORA", ROOT.parent / "shared/corpora")) / "policy/nca/istio_testcases"
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"]
QUESTIONS = ("equivalence", "strongEquivalence", "semanticDiff", "containment", "twoWayContainment", "vacuity")
POLICY = "AuthorizationPolicy"
SOURCES = {"principals", "notPrincipals", "namespaces", "notNamespaces", "ipBlocks", "notIpBlocks"}
OPERATIONS = {"methods", "notMethods", "paths", "ports", "notPorts"}
CONDITIONS = {"source.namespace", "source.principal", "source.ip", "destination.port"}


class Inexpressible(Exception):
    """Why a Gate cannot say it."""


class Pod:
    """A workload."""

    def __init__(self, number, kind, namespace, name, template):
        labels, spec = template["metadata"].get("labels") or {}, template["spec"]
        self.kind, self.namespace, self.name, self.labels = kind, namespace, name, labels
        self.principal = f"cluster.local/ns/{namespace}/sa/{spec.get('serviceAccountName', 'default')}"
        self.host = f"w{number}.example"
        self.address = ipaddress.ip_network(f"fd00::{number + 1:x}/128")


def documents(yaml, path):
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    found = [document for file in files for document in yaml.safe_load_all(file.read_text()) if document]
    return [item for document in found for item in (document["items"] if "items" in document else [document])]


def pods(yaml, path):
    found = []
    for item in documents(yaml, path):
        kind = item.get("kind", "Pod")
        if kind in ("Deployment", "Pod"):
            template = item["spec"]["template"] if kind == "Deployment" else item
            place = item["metadata"]
            found.append(Pod(len(found), kind, place.get("namespace", "default"), place["name"], template))
    return found


def matches(patterns, text):
    return any(fnmatch.fnmatchcase(text, pattern) for pattern in patterns)


def chosen(values, given, rejected):
    """Those of the values that one of the patterns matches, all where there is no list of them, and none of the
    others."""
    kept = [value for value in values if given is None or matches(given, value)]
    return [value for value in kept if not matches(rejected or [], value)]


def without(networks, removed):
    for hole in map(ipaddress.ip_network, removed):
        split = []
        for network in networks:
            if network.version != hole.version or not network.overlaps(hole):
                split.append(network)
            elif hole != network and hole.subnet_of(network):
                split += network.address_exclude(hole)
        networks = split
    return networks


def common(networks, wanted):
    """The networks of the one list that lie in the other: the larger ones cut."""
    pairs = [pair for pair in itertools.product(networks, map(ipaddress.ip_network, wanted))
             if pair[0].version == pair[1].version and pair[0].overlaps(pair[1])]  # fmt: skip
    return sorted({max(pair, key=lambda network: network.prefixlen) for pair in pairs}, key=str)


class World:
    """The workloads, and which addresses there are besides."""

    def __init__(self, workloads, policies):
        self.pods = workloads
        six = re.search(r'"[0-9a-f]*:[0-9a-f:]*(/\d+)?"', json.dumps([p["spec"] for p in policies]))
        own = [] if not six else without([ipaddress.ip_network("::/0")], ["fd00::/16"])
        self.outside = [ipaddress.ip_network("0.0.0.0/0"), *own]

    def source(self, asked):
        """The workloads and the other networks that `asked`, a source, is about."""
        if set(asked) - SOURCES:
            raise Inexpressible(f"source {sorted(set(asked) - SOURCES)}")
        networks = self.outside
        if "ipBlocks" in asked:
            networks = common(networks, asked["ipBlocks"])
        networks = without(networks, asked.get("notIpBlocks") or [])
        by_network = {"ipBlocks", "notIpBlocks"} & set(asked)
        names = {"namespace": ("namespaces", "notNamespaces"), "principal": ("principals", "notPrincipals")}
        found = list(self.pods)
        for attribute, (given, rejected) in names.items():
            values = chosen({getattr(p, attribute) for p in found}, asked.get(given) or None, asked.get(rejected))
            found = [pod for pod in found if getattr(pod, attribute) in values]
        by_name = set(asked) - {"ipBlocks", "notIpBlocks"}
        return ([] if by_network else found), ([] if by_name else networks)

    def clients(self, rule):
        """The address blocks that a rule lets call."""
        sources = [self.source(entry["source"]) for entry in rule.get("from") or []] or [self.source({})]
        callers = {pod.host: pod for found, _ in sources for pod in found}
        networks = sorted({network for _, found in sources for network in found}, key=str)
        for condition in rule.get("when") or []:
            key, given, rejected = condition["key"], condition.get("values"), condition.get("notValues")
            if key not in CONDITIONS:
                raise Inexpressible(f"condition {key}")
            if key == "source.ip":
                networks, callers = without(common(networks, given or map(str, networks)), rejected or []), {}
            elif key != "destination.port":
                attribute, networks = key.removeprefix("source."), []
                values = chosen({getattr(p, attribute) for p in callers.values()}, given, rejected)
                callers = {host: pod for host, pod in callers.items() if getattr(pod, attribute) in values}
        return [str(pod.address) for pod in callers.values()] + [str(network) for network in networks]


def ports(operation, rule):
    """The operators on the claim of the port; nothing where there can be no such port."""
    asked = [(operation.get("ports"), operation.get("notPorts"))]
    asked += [(c.get("values"), c.get("notValues")) for c in rule.get("when") or [] if c["key"] == "destination.port"]
    rejected = {int(port) for _, no in asked for port in no or []}
    wanted = [{int(port) for port in yes} for yes, _ in asked if yes]
    if not wanted:
        return {"not_in": sorted(rejected | {0})}
    left = set.intersection(*wanted) - rejected
    return {"in": sorted(left)} if left else None


def paths(operation):
    """The patterns of a Gate for those of an operation."""
    made = []
    for path in operation.get("paths") or []:
        if path == "*":
            raise Inexpressible("path *, which there is a path that is not empty; in a Gate every path is one")
        if "*" in path[:-1] or (path.endswith("*") and not path.endswith("/*")):
            raise Inexpressible(f"path {path}")
        made.append(path + "*" if path.endswith("*") else path)
    return made


def rule_conditions(world, rule):
    """What a rule of a policy asks, as conditions of rules of a Gate, one for each operation; those that nothing can
    meet are left out."""
    clients = world.clients(rule)
    for entry in rule.get("to") or [{"operation": {}}]:
        operation = entry["operation"]
        if set(operation) - OPERATIONS:
            raise Inexpressible(f"operation {sorted(set(operation) - OPERATIONS)}")
        methods, port = chosen(METHODS, operation.get("methods"), operation.get("notMethods")), ports(operation, rule)
        if not clients or not methods or port is None:
            continue
        request = {"client": {"in": clients}, "methods": methods}
        if asked := paths(operation):
            request["paths"] = asked
        yield {"request": request, "identity": {"claims": {"port": port}}}


def selects(policy, pod):
    spec = policy["spec"] or {}
    selector = spec.get("selector") or {}
    if set(selector) - {"matchLabels"}:
        raise Inexpressible(f"selector {sorted(selector)}")
    if policy["metadata"].get("namespace", "default") not in (pod.namespace, "istio-system"):
        return False
    return all(pod.labels.get(name) == value for name, value in (selector.get("matchLabels") or {}).items())


def gate(world, policies):
    """What the policies let through, as a Gate."""
    rules = [{"effect": "deny", "routes": ["*"], "identity": {"claims": {"port": {"equals": 0}}}}]
    for pod in world.pods:
        allowing = []
        for policy in (policy for policy in policies if selects(policy, pod)):
            spec = policy["spec"] or {}
            action = spec.get("action", "ALLOW")
            if action not in ("ALLOW", "DENY"):
                raise Inexpressible(f"action {action}")
            allowing += [policy] * (action == "ALLOW")
            for conditions in itertools.chain(*(rule_conditions(world, rule) for rule in spec.get("rules") or [])):
                rules.append({"effect": action.lower(), "routes": [pod.host], **conditions})
        if not allowing:
            everything = next(rule_conditions(world, {}))
            rules.append({"effect": "allow", "routes": [pod.host], **everything})
    for number, rule in enumerate(rules):
        rule["id"] = f"r{number}"
    issuer = {"issuer": "https://mesh.example", "audiences": ["mesh"], "algorithms": ["ES256"]}
    routes = [{"id": pod.host, "hosts": [pod.host], "methods": METHODS, "path": "/**", "origin": "o"}
              for pod in world.pods]  # fmt: skip
    return {"gate": 1, "name": "istio", "issuers": {"mesh": issuer}, "claims": {"port": "integer"}, "routes": routes,
            "origins": {"o": {"scheme": "http", "host": "o.example", "port": 80}}, "rules": rules}  # fmt: skip


def inside(ostiary, gate_json, boundary):
    """Whether the one Gate is proved to stay inside the other."""
    with tempfile.TemporaryDirectory() as folder:
        names = [pathlib.Path(folder) / name for name in ("gate.json", "boundary.json")]
        for name, content in zip(names, (gate_json, boundary), strict=True):
            name.write_text(json.dumps(content))
        command = [ostiary, "gate", "check", names[0], "--within", names[1], "--json"]
        run = subprocess.run(command, capture_output=True, text=True)
    answer = json.loads(run.stdout) if run.stdout.startswith("{") else {}
    proof = answer.get("outside", {}).get("proof", "")
    if run.returncode not in (0, 1) or proof not in ("none", "some"):
        raise SystemExit(f"ostiary gate check exited with {run.returncode}: {run.stderr}{run.stdout}")
    assert (run.returncode == 0) == (proof == "none")
    return proof == "none"


class Scheme:
    """A file of questions, and the sets of policies that they are about."""

    def __init__(self, yaml, file):
        self.yaml, self.folder, self.content = yaml, file.parent, yaml.safe_load(file.read_text())
        self.sets = {entry["name"]: entry for entry in self.content.get("networkConfigList") or []}

    def policies(self, name):
        """Of a set, or one of them: set/namespace/name."""
        parts = name.split("/")
        if parts[0] not in self.sets:
            raise Inexpressible(f"no set {parts[0]}")
        entry = self.sets[parts[0]]
        found = []
        for path in entry.get("networkPolicyList") or []:
            found += documents(self.yaml, self.folder / path)
        if entry.get("resourceList"):
            raise Inexpressible("resources that are not told apart")
        kinds = {document["kind"] for document in found} - {POLICY, "Deployment", "Namespace"}
        if kinds:
            raise Inexpressible(f"resources {sorted(kinds)}")
        found = [document for document in found if document["kind"] == POLICY]
        if len(parts) == 1:
            return found
        place = [(d["metadata"].get("namespace", "default"), d["metadata"]["name"]) for d in found]
        return [document for document, where in zip(found, place, strict=True) if list(where) == parts[1:]]

    def workloads(self, name):
        entry = self.sets[name.split("/")[0]]
        path = entry.get("podList") or self.content.get("podList")
        if not isinstance(path, str):
            raise Inexpressible("workloads that are not in a file")
        return pods(self.yaml, self.folder / path)


def expected_pairs(text, world):
    """The pairs of workloads for which connections are added, and removed."""
    found, kind = {"Added": set(), "Removed": set()}, None
    for line in text.splitlines():
        if heading := re.match(r"(Added|Removed) connections between persistent peers (and)?", line):
            kind = heading[1] if not heading[2] else None
        ends = re.match(r"src_ns: \[(.*?)\] src_pods: \[(.*?)\] dst_ns: \[(.*?)\] dst_pods: \[(.*?)\] conn", line)
        if kind and ends:
            sources, targets = (listed(world, ends[i], ends[i + 1]) for i in (1, 3))
            found[kind] |= {(s.name, t.name) for s in sources for t in targets if s is not t}
    return found


def listed(world, namespaces, names):
    several = re.match(r"app in \((.*)\)", names)
    labels = several[1].split(",") if several else [names]
    return [pod for pod in world.pods
            if pod.namespace in namespaces.split(",") and (names == "*" or pod.labels.get("app") in labels)]  # fmt: skip


def between(source, target, whole):
    """What the Gate lets one workload ask of another."""
    kept = []
    for rule in whole["rules"]:
        clients = rule.get("request", {}).get("client", {}).get("in", [])
        if rule["routes"] in (["*"], [target.host]) and ("request" not in rule or str(source.address) in clients):
            request = {**rule.get("request", {}), "client": {"in": [str(source.address)]}}
            kept.append({**rule, "request": request})
    return {**whole, "routes": [r for r in whole["routes"] if r["id"] == target.host], "rules": kept}


def differences(ostiary, world, old, new):
    found = {"Added": set(), "Removed": set()}
    for source, target in itertools.permutations(world.pods, 2):
        before, after = (between(source, target, whole) for whole in (old, new))
        if before["rules"] == after["rules"]:
            continue
        for kind, (gate_json, boundary) in {"Added": (after, before), "Removed": (before, after)}.items():
            if not inside(ostiary, gate_json, boundary):
                found[kind].add((source.name, target.name))
    return found


def answer(ostiary, scheme, query):
    """(what was expected, what was found)."""
    kind = next(kind for kind in QUESTIONS if kind in query)
    names = query[kind]
    sets = [scheme.policies(name) for name in names] + ([[]] if kind == "vacuity" else [])
    world = World(scheme.workloads(names[0]), [policy for policies in sets for policy in policies])
    gates = [gate(world, policies) for policies in sets]
    if kind == "semanticDiff" and "expectedOutput" in query:
        text = (scheme.folder / query["expectedOutput"]).read_text()
        return expected_pairs(text, world), differences(ostiary, world, *gates)
    if "expected" not in query:
        raise Inexpressible("no answer is given")
    if kind == "containment":
        return bool(query["expected"]), inside(ostiary, gates[1], gates[0])
    if kind == "twoWayContainment":
        return query["expected"], 2 * inside(ostiary, *gates) + inside(ostiary, *gates[::-1])
    same = all(inside(ostiary, gates[0], g) and inside(ostiary, g, gates[0]) for g in gates[1:])
    return bool(query["expected"]) == (kind == "vacuity"), same


def main():
    try:
        import yaml
    except ImportError:
        print("istio-policies: skipped, there is no module yaml")
        return 77
    if not CORPUS.exists():
        print("istio-policies: skipped, the corpus is not on this machine")
        return 77
    passed = failed = 0
    omitted = []
    for file in sorted(CORPUS.rglob("*scheme*.yaml")):
        scheme = Scheme(yaml, file)
        for query in scheme.content.get("queries") or []:
            if not set(query) & set(QUESTIONS):
                continue  # not a question about two sets of policies
            name = f"{file.stem} {query['name']}"
            try:
                wanted, found = answer(sys.argv[1], scheme, query)
            except Inexpressible as reason:
                omitted.append(f"{name}: {reason}")
                continue
            passed, failed = passed + (wanted == found), failed + (wanted != found)
            if wanted != found:
                print(f"  FAIL {name}: {found} instead of {wanted}")
    for name in omitted:
        print(f"  left out: {name}")
    print(f"istio-policies: {passed} passed, {failed} failed, {len(omitted)} left out")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
