// Package frame is what the programs share: the protocol of bench/README.md, and the files of bench/data/make_*.py.
package frame

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"unsafe"
)

// Task is inputs that are ready. Judge is what is measured: it says whether input number `row` is accepted.
type Task struct {
	Size  int
	Judge func(row int) bool
	Facts []string
}

// Prepare makes a task of a file of requests. It may panic.
type Prepare func(requests string) Task

type asked struct {
	Do, Operation string
	Inputs        []string
	Task          int
	Rounds        int
}

type worker struct {
	module, operation string
	prepare           Prepare
	tasks             []Task
}

// Claims of a request, and the scopes apart, as every contestant has them.
type Line struct {
	Route  string         `json:"route"`
	Claims map[string]any `json:"claims"`
}

// Scopes the token has.
func (line Line) Scopes() []string { return strings.Fields(line.Claims["scope"].(string)) }

// Texts of a claim that is an array, none where it is absent.
func (line Line) Texts(claim string) []string {
	var texts []string
	if all, present := line.Claims[claim].([]any); present {
		for _, text := range all {
			texts = append(texts, text.(string))
		}
	}
	return texts
}

// Read gives the text of a file.
func Read(path string) string {
	text, err := os.ReadFile(path)
	Must(err)
	return string(text)
}

// Beside names a file in the folder of another.
func Beside(path, name string) string { return filepath.Join(filepath.Dir(path), name) }

// Lines of a file, without the empty ones.
func Lines(path string) []string {
	return strings.FieldsFunc(Read(path), func(char rune) bool { return char == '\n' })
}

// ReadLines of a file of requests to be decided.
func ReadLines(path string) []Line {
	var lines []Line
	for _, text := range Lines(path) {
		var line Line
		Must(json.Unmarshal([]byte(text), &line))
		lines = append(lines, line)
	}
	return lines
}

// Must panics with an error, which Serve reports.
func Must(err error) {
	if err != nil {
		panic(err)
	}
}

// Verdicts of all inputs in words.
func Verdicts(size int, isAllowed func(row int) bool) []string {
	facts := make([]string, size)
	for row := range facts {
		facts[row] = map[bool]string{true: "allow", false: "deny"}[isAllowed(row)]
	}
	return facts
}

// Time this process has worked, the collector of its garbage included.
func processTimeNs() int64 {
	var now syscall.Timespec
	const processTime = 2 // CLOCK_PROCESS_CPUTIME_ID of Linux
	syscall.Syscall(syscall.SYS_CLOCK_GETTIME, processTime, uintptr(unsafe.Pointer(&now)), 0)
	return now.Nano()
}

func (w *worker) run(task Task, rounds int) map[string]any {
	accepted, begin := 0, processTimeNs()
	for round := 0; round < rounds; round++ {
		for row := 0; row < task.Size; row++ {
			if task.Judge(row) {
				accepted++
			}
		}
	}
	return map[string]any{"ns": processTimeNs() - begin, "accepted": accepted}
}

func (w *worker) hello() map[string]any {
	about := map[string]any{"go": strings.TrimPrefix(runtime.Version(), "go")}
	if info, known := debug.ReadBuildInfo(); known {
		for _, module := range info.Deps {
			if module.Path == w.module {
				about[module.Path] = module.Version
			}
		}
	}
	return about
}

func (w *worker) answer(line []byte) (answer map[string]any) {
	defer func() {
		if trouble := recover(); trouble != nil {
			answer = map[string]any{"error": fmt.Sprint(trouble)}
		}
	}()
	var request asked
	Must(json.Unmarshal(line, &request))
	switch {
	case request.Do == "hello":
		return w.hello()
	case request.Do == "prepare" && request.Operation == w.operation:
		task := w.prepare(request.Inputs[0])
		w.tasks = append(w.tasks, task)
		return map[string]any{"task": len(w.tasks) - 1, "size": task.Size, "facts": task.Facts}
	case request.Do == "run":
		return w.run(w.tasks[request.Task], request.Rounds)
	}
	return map[string]any{"error": "unknown request: " + string(line)}
}

// Serve answers requests until there are no more.
func Serve(module, operation string, prepare Prepare) {
	w := worker{module: module, operation: operation, prepare: prepare}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		text, err := json.Marshal(w.answer(lines.Bytes()))
		Must(err)
		fmt.Println(string(text))
	}
}
