#!/usr/bin/env python3
"""Writes one policy in the languages of all contestants, and requests that it decides.

Usage: make_policies.py FOLDER --rules N

FOLDER/gate.json                  for us
FOLDER/policy.cedar               a policy a line
FOLDER/policy.rego                for OPA: a rule for each, which it finds by the route
FOLDER/rules.json                 the same as data for peers/policy/gate.rego, where regorus finds them by the route
FOLDER/policy.csv                 for peers/policy/gate.conf
FOLDER/hot.jsonl, mixed.jsonl     16 and 4,096 requests, all different: {route, method, path, claims, expect}

The same N gives the same files everywhere. There are some five rules for each route. A rule asks for scopes, for one
of some tiers, for one tenant, for one of some groups, or for several of these; one in ten denies, and one rule denies on
every route. `expect` comes from the rules as they are here, not from any of their spellings.
"""

import argparse
import json
import pathlib

import make_routes

RULES_PER_ROUTE = 5
HOT, MIXED = 16, 4096
SEED = 30
TIERS = ["bronze", "silver", "gold", "trial"]
TENANTS = [f"tenant-{number:02}" for number in range(20)]
GROUPS = ["staff", "auditors", "support", "contractors", "night-shift", *(f"team-{number:02}" for number in range(24))]
SUSPENDED = "suspended"
CONDITIONS = ["scopes", "tier", "tenant", "groups"]
SHAPES = ["allow_scopes", "allow_scopes_tier", "allow_scopes_tenant", "allow_groups", "deny_groups", "deny_tier_tenant"]
REGO_HEAD = "package gate\n\ndefault allow := false\n\nallow if {\n\tnot denied\n\tpermitted\n}\n"


def scope_of(route):
    method, pattern = route
    return f"{pattern.split('/')[3]}:{'read' if method == 'GET' else 'write'}"


def allow_rule(scope, dice):
    kind = dice.below(4)
    if kind == 0:
        return {"scopes": [scope] if dice.happens(0.7) else [scope, "profile"]}
    if kind == 1:
        return {"scopes": [scope], "tier": dice.some_of(TIERS[:3], 1 + dice.below(2))}
    if kind == 2:
        return {"groups": dice.some_of(GROUPS, 1 + dice.below(4))}
    return {"scopes": [scope], "tenant": [dice.one_of(TENANTS)]}


def deny_rule(dice):
    if dice.happens(0.5):
        return {"groups": dice.some_of(GROUPS, 1 + dice.below(2))}
    return {"tier": ["trial"], "tenant": [dice.one_of(TENANTS)]}


def make_rules(routes, count, dice):
    """The first denies on every route, the others each belong to one."""
    rules = [{"id": "suspended", "effect": "deny", "route": "*", "groups": [SUSPENDED]}]
    for number in range(count - 1):
        row = number % len(routes)
        denies = dice.happens(0.1)
        wanted = deny_rule(dice) if denies else allow_rule(scope_of(routes[row]), dice)
        effect = "deny" if denies else "allow"
        rules.append({"id": f"rule-{number}", "effect": effect, "route": f"r{row}", **wanted})
    return rules


def claims_for(route, number, dice):
    scopes = [scope for scope in ("openid", "profile", "email") if dice.happens(0.5)]
    if dice.happens(0.7):
        scopes.append(scope_of(route))
    claims = {
        "iss": "https://id.bench.example",
        "sub": f"user-{number}",
        "aud": ["https://api.bench.example"],
        "exp": 1_800_000_000 + number,
        "iat": 1_790_000_000,
        "client_id": f"client-{dice.below(9)}",
        "scope": " ".join(dice.shuffled(scopes)),
        "tier": dice.one_of(TIERS),
        "tenant": dice.one_of(TENANTS),
        "groups": dice.some_of(GROUPS, dice.below(5)) + ([SUSPENDED] if dice.happens(0.03) else []),
    }
    if dice.happens(0.1):
        del claims[dice.one_of(["tier", "tenant", "groups"])]
    return claims


def meets(claims, rule):
    held = claims["scope"].split()
    return (
        all(scope in held for scope in rule.get("scopes", []))
        and ("tier" not in rule or claims.get("tier") in rule["tier"])
        and ("tenant" not in rule or claims.get("tenant") in rule["tenant"])
        and ("groups" not in rule or any(group in rule["groups"] for group in claims.get("groups", [])))
    )


def decision(rules_by_route, route, claims):
    met = {rule["effect"] for name in (route, "*") for rule in rules_by_route.get(name, []) if meets(claims, rule)}
    return "allow" if met == {"allow"} else "deny"


def by_route(rules):
    found = {}
    for rule in rules:
        found.setdefault(rule["route"], []).append(rule)
    return found


def make_requests(routes, rules, count, dice):
    rules_by_route = by_route(rules)
    for number in range(count):
        row = dice.below(len(routes))
        method, pattern = routes[row]
        claims = claims_for(routes[row], number, dice)
        yield {
            "route": f"r{row}",
            "method": method,
            "path": make_routes.filled_in(pattern, dice),
            "claims": claims,
            "expect": decision(rules_by_route, f"r{row}", claims),
        }


def gate_rule(rule):
    identity = {"scopes": {"all": rule["scopes"]}} if "scopes" in rule else {}
    claims = {name: {"in": rule[name]} for name in ("tier", "tenant") if name in rule}
    if "groups" in rule:
        claims["groups"] = {"has_any": rule["groups"]}
    if claims:
        identity["claims"] = claims
    return {"id": rule["id"], "effect": rule["effect"], "routes": [rule["route"]], "identity": identity}


def gate(routes, rules):
    return {
        "gate": 1,
        "name": "bench",
        "issuers": {
            "id": {
                "issuer": "https://id.bench.example",
                "audiences": ["https://api.bench.example"],
                "algorithms": ["ES256"],
            }
        },
        "claims": {"tier": "text", "tenant": "text", "groups": "text_set"},
        "origins": {"api": {"scheme": "https", "host": "origin.bench.example", "port": 443}},
        "routes": [
            {
                "id": f"r{row}",
                "hosts": ["api.bench.example"],
                "methods": [method],
                "path": "/".join("*" if part.startswith("{") else part for part in pattern.split("/")),
                "origin": "api",
            }
            for row, (method, pattern) in enumerate(routes)
        ],
        "rules": [gate_rule(rule) for rule in rules],
    }


def cedar(rule):
    """Absent claims are asked for first: a policy that fails is skipped, and that would be no condition at all."""
    wanted = [f"context.scopes.contains({json.dumps(scope)})" for scope in rule.get("scopes", [])]
    for name in ("tier", "tenant"):
        if name in rule:
            values = rule[name]
            test = f"context.{name} == {json.dumps(values[0])}"
            if len(values) > 1:
                test = f"{json.dumps(values)}.contains(context.{name})"
            wanted.append(f"context has {name} && {test}")
    if "groups" in rule:
        wanted.append(f"context has groups && context.groups.containsAny({json.dumps(rule['groups'])})")
    effect = "permit" if rule["effect"] == "allow" else "forbid"
    resource = "resource" if rule["route"] == "*" else f'resource == Route::"{rule["route"]}"'
    return f'{effect}(principal, action, {resource}) when {{ {" && ".join(wanted)} }};\n'


def rego(rule):
    wanted = [] if rule["route"] == "*" else [f'input.route == "{rule["route"]}"']
    wanted += [f"{json.dumps(scope)} in input.scopes" for scope in rule.get("scopes", [])]
    for name in ("tier", "tenant"):
        if name in rule:
            values = rule[name]
            test = f"== {json.dumps(values[0])}" if len(values) == 1 else f"in {json.dumps(values)}"
            wanted.append(f"input.claims.{name} {test}")
    if "groups" in rule:
        wanted += ["some group in input.claims.groups", f"group in {{{json.dumps(rule['groups'])[1:-1]}}}"]
    head = "permitted" if rule["effect"] == "allow" else "denied"
    return f"\n{head} if {{\n\t" + "\n\t".join(wanted) + "\n}\n"


def rego_data(rules):
    """By route and by what is asked for, so that a rule is found as fast as a member of an object."""
    routes = {}
    for rule in rules:
        wanted = {name: rule[name] for name in CONDITIONS if name in rule}
        shape = "_".join([rule["effect"], *wanted])
        assert shape in SHAPES, f"peers/policy/gate.rego has no {shape}"
        routes.setdefault(rule["route"], {}).setdefault(shape, []).append(wanted)
    return {"rules": routes}


def casbin(rule):
    wanted = ["|".join(rule[name]) if name in rule else "-" for name in CONDITIONS]
    return ", ".join(["p", rule["route"], *wanted, rule["effect"]]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--rules", type=int, required=True)
    wanted = parser.parse_args()
    dice = make_routes.Dice(SEED)
    routes = make_routes.generated(max(2, wanted.rules // RULES_PER_ROUTE))
    rules = make_rules(routes, wanted.rules, dice)
    folder = wanted.folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "gate.json").write_text(json.dumps(gate(routes, rules), separators=(",", ":")) + "\n")
    (folder / "policy.cedar").write_text("".join(map(cedar, rules)))
    (folder / "policy.rego").write_text(REGO_HEAD + "".join(map(rego, rules)))
    (folder / "rules.json").write_text(json.dumps(rego_data(rules), separators=(",", ":")) + "\n")
    (folder / "policy.csv").write_text("".join(map(casbin, rules)))
    for name, count in (("hot", HOT), ("mixed", MIXED)):
        lines = (json.dumps(request) + "\n" for request in make_requests(routes, rules, count, dice))
        (folder / f"{name}.jsonl").write_text("".join(lines))


if __name__ == "__main__":
    main()
