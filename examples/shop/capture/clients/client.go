// Sends one request with net/http. Argument: JSON with method, target, host, headers, body, chunked, port.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

type spec struct {
	Method  string            `json:"method"`
	Target  string            `json:"target"`
	Host    string            `json:"host"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
	Chunked bool              `json:"chunked"`
	Port    int               `json:"port"`
}

func main() {
	var s spec
	if err := json.Unmarshal([]byte(os.Args[1]), &s); err != nil {
		log.Fatal(err)
	}
	request, err := http.NewRequest(s.Method, "http://"+s.Host+s.Target, body(s))
	if err != nil {
		log.Fatal(err)
	}
	for name, value := range s.Headers {
		request.Header.Set(name, value)
	}
	response, err := client(s.Port).Do(request)
	if err != nil {
		log.Fatal(err)
	}
	response.Body.Close()
}

// A reader whose length is not known makes net/http send chunks.
func body(s spec) io.Reader {
	if s.Body == "" {
		return nil
	}
	if s.Chunked {
		return io.MultiReader(strings.NewReader(s.Body))
	}
	return strings.NewReader(s.Body)
}

func client(port int) *http.Client {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	}
	return &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DialContext: dial}}
}
