// Peer opa: a query prepared once over policy.rego, which has a rule for each of ours so that its index finds them by
// route; inputs parsed beforehand. Rules as data, which regorus has, take several times as long here.
package main

import (
	"context"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"ostiary.example/bench/policy/frame"
)

var background = context.Background()

func queryOver(policy string) rego.PreparedEvalQuery {
	module := rego.Module("policy.rego", frame.Read(policy))
	query, err := rego.New(rego.Query("data.gate.allow"), module).PrepareForEval(background)
	frame.Must(err)
	return query
}

func inputOf(line frame.Line) ast.Value {
	value, err := ast.InterfaceToValue(map[string]any{"route": line.Route, "claims": line.Claims, "scopes": line.Scopes()})
	frame.Must(err)
	return value
}

func isAllowed(query rego.PreparedEvalQuery, input ast.Value) bool {
	results, err := query.Eval(background, rego.EvalParsedInput(input))
	frame.Must(err)
	return results[0].Expressions[0].Value == true
}

func prepare(requests string) frame.Task {
	query := queryOver(frame.Beside(requests, "policy.rego"))
	var inputs []ast.Value
	for _, line := range frame.ReadLines(requests) {
		inputs = append(inputs, inputOf(line))
	}
	judge := func(row int) bool { return isAllowed(query, inputs[row]) }
	return frame.Task{Size: len(inputs), Judge: judge, Facts: frame.Verdicts(len(inputs), judge)}
}

func main() { frame.Serve("github.com/open-policy-agent/opa", "decide_rules", prepare) }
