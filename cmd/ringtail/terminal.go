package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// maxSecret bounds a secret on standard input, in bytes.
const maxSecret = 4096

// readSecret reads one line from standard input where source is "-". Secrets
// never stand on a command line, where other users of the machine see them.
func readSecret(in io.Reader, what, source string) (string, error) {
	switch source {
	case "":
		return "", nil
	case "-":
	default:
		return "", usageError{fmt.Errorf("--%s takes - alone: the %s is read from standard input", what, what)}
	}
	text, err := io.ReadAll(io.LimitReader(in, maxSecret+1))
	if err != nil {
		return "", fmt.Errorf("reading the %s: %w", what, err)
	}
	line := strings.TrimRight(string(text), "\r\n")
	if line == "" || len(line) > maxSecret || strings.ContainsAny(line, "\r\n") {
		return "", errors.New("standard input must hold the " + what + " alone, on one line")
	}
	return line, nil
}

// jsonFor writes JSON for people and their tools: no browser reads it, so & < > stay as they are.
func jsonFor(out io.Writer) *json.Encoder {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	return e
}

// list prints rows as JSON, or as a table under its head.
func list[T any](out io.Writer, asJSON bool, rows []T, head string, line func(T) string) error {
	if asJSON {
		e := jsonFor(out)
		e.SetIndent("", "  ")
		return e.Encode(rows)
	}
	table := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, head)
	for _, row := range rows {
		fmt.Fprintln(table, line(row))
	}
	return table.Flush()
}

// yes marks a row of a table.
func yes(is bool) string {
	if is {
		return "yes"
	}
	return ""
}
