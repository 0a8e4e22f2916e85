// Peer casbin: the model bench/peers/policy/gate.conf, conditions on claims as functions of ours.
package main

import (
	"slices"
	"strings"

	"github.com/casbin/casbin/v2"

	"ostiary.example/bench/policy/frame"
)

type claims struct {
	scopes, groups, tier, tenant []string // of the last two one, or none where it is absent
}

func claimsOf(line frame.Line) *claims {
	one := func(claim string) []string {
		if text, present := line.Claims[claim].(string); present {
			return []string{text}
		}
		return nil
	}
	return &claims{scopes: line.Scopes(), groups: line.Texts("groups"), tier: one("tier"), tenant: one("tenant")}
}

// Lists of policies, split once.
type lists map[string][]string

func (known lists) split(text string) []string {
	found, present := known[text]
	if !present {
		found = strings.Split(text, "|")
		known[text] = found
	}
	return found
}

func hasAny(held, wanted []string) bool {
	return slices.ContainsFunc(held, func(text string) bool { return slices.Contains(wanted, text) })
}

func hasAll(held, wanted []string) bool {
	return !slices.ContainsFunc(wanted, func(text string) bool { return !slices.Contains(held, text) })
}

func enforcerOver(policy string) *casbin.Enforcer {
	enforcer, err := casbin.NewEnforcer("bench/peers/policy/gate.conf", policy)
	frame.Must(err)
	known := lists{}
	offer := func(name string, fits func(held *claims, wanted []string) bool) {
		enforcer.AddFunction(name, func(arguments ...any) (any, error) {
			return fits(arguments[0].(*claims), known.split(arguments[1].(string))), nil
		})
	}
	offer("scopesFit", func(held *claims, wanted []string) bool { return hasAll(held.scopes, wanted) })
	offer("tierFits", func(held *claims, wanted []string) bool { return hasAny(held.tier, wanted) })
	offer("tenantFits", func(held *claims, wanted []string) bool { return hasAny(held.tenant, wanted) })
	offer("groupsFit", func(held *claims, wanted []string) bool { return hasAny(held.groups, wanted) })
	return enforcer
}

func prepare(requests string) frame.Task {
	enforcer := enforcerOver(frame.Beside(requests, "policy.csv"))
	lines := frame.ReadLines(requests)
	var held []*claims
	for _, line := range lines {
		held = append(held, claimsOf(line))
	}
	judge := func(row int) bool {
		allowed, err := enforcer.Enforce(lines[row].Route, held[row])
		frame.Must(err)
		return allowed
	}
	return frame.Task{Size: len(lines), Judge: judge, Facts: frame.Verdicts(len(lines), judge)}
}

func main() { frame.Serve("github.com/casbin/casbin/v2", "decide_rules", prepare) }
