package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/bench/page"
	"github.com/ringtail-id/ringtail/bench/run"
)

func pageCommand() *cobra.Command {
	var from, into string
	cmd := &cobra.Command{
		Use: "page", Short: "Write the page of a report", Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			text, err := os.ReadFile(from)
			if err != nil {
				return fmt.Errorf("reading the report: %w", err)
			}
			var r run.Report
			if err := json.Unmarshal(text, &r); err != nil {
				return fmt.Errorf("reading %s: %w", from, err)
			}
			return os.WriteFile(into, []byte(page.Markdown(&r)), 0o644)
		},
	}
	cmd.Flags().StringVar(&from, "from", "bench/report.json", "the report, a `FILE` of --json")
	cmd.Flags().StringVar(&into, "into", "docs/reference/performance.md", "the page's `FILE`")
	return cmd
}
