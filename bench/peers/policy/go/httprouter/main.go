// Peer httprouter: Lookup alone, without a server.
package main

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/julienschmidt/httprouter"

	"ostiary.example/bench/policy/frame"
)

// Its handles cannot be compared, so each says who it is when it is called; that is not measured.
var called string

// "/orders/{id}" is "/orders/:id" there.
func pattern(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}

func routerOf(table string) *httprouter.Router {
	router := httprouter.New()
	for row, line := range frame.Lines(table) {
		method, path, _ := strings.Cut(line, " ")
		id := fmt.Sprintf("r%d", row)
		router.Handle(method, pattern(path), func(http.ResponseWriter, *http.Request, httprouter.Params) { called = id })
	}
	return router
}

func prepare(requests string) frame.Task {
	router := routerOf(frame.Beside(requests, "routes.txt"))
	var methods, paths, facts []string
	for _, line := range frame.Lines(requests) {
		method, path, _ := strings.Cut(line, " ")
		methods, paths = append(methods, method), append(paths, path)
		called = "none"
		if handle, parameters, _ := router.Lookup(method, path); handle != nil {
			handle(nil, nil, parameters)
		}
		facts = append(facts, called)
	}
	judge := func(row int) bool {
		handle, _, _ := router.Lookup(methods[row], paths[row])
		return handle != nil
	}
	return frame.Task{Size: len(paths), Judge: judge, Facts: facts}
}

func main() { frame.Serve("github.com/julienschmidt/httprouter", "match_route", prepare) }
