package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/bundle"
)

func callsCommand(std stdio) *cobra.Command {
	return group("calls", "Switch calls off for everybody: to a country, by a driver or by a channel",
		callsShowCommand(std), callsSwitchCommand(std, "stop", "Switch a country, a driver or a channel off, from the next call on"),
		callsSwitchCommand(std, "allow", "Switch it on again"))
}

// stopRow is one thing that is switched off.
type stopRow struct {
	Kind  string    `json:"kind"`
	Value string    `json:"value"`
	By    string    `json:"by,omitempty"` // empty: the settings file
	At    time.Time `json:"at,omitzero"`
}

func callsShowCommand(std stdio) *cobra.Command {
	var f configFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use: "show", Short: "Show what is switched off", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.with(cmd.Context(), std, func(c *bundle.Client) error {
				stops, err := askStops(cmd.Context(), c, admin.CallsView, http.MethodGet, "/calls/stops", nil)
				if err != nil {
					return err
				}
				return list(std.out, asJSON, stops, "KIND\tWHAT\tBY\tAT", stopLine)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return f.register(cmd)
}

func stopLine(s stopRow) string {
	by, at := s.By, ""
	if by == "" {
		by = "the settings file"
	}
	if !s.At.IsZero() {
		at = s.At.UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("%s\t%s\t%s\t%s", s.Kind, s.Value, by, at)
}

// callsSwitchCommand is stop or allow.
func callsSwitchCommand(std stdio, name, short string) *cobra.Command {
	var f configFlags
	var comment string
	cmd := &cobra.Command{
		Use: name + " country|driver|channel WHAT", Short: short, Args: args(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, given []string) error {
			return f.with(cmd.Context(), std, func(c *bundle.Client) error {
				body := map[string]string{"kind": given[0], "value": given[1], "comment": comment}
				stops, err := askStops(cmd.Context(), c, admin.CallsStop, http.MethodPost, "/calls/"+name, body)
				if err != nil {
					return err
				}
				if len(stops) == 0 {
					_, err = fmt.Fprintln(std.out, "nothing is switched off")
					return err
				}
				for _, s := range stops {
					if _, err := fmt.Fprintf(std.out, "%s %s is switched off\n", s.Kind, s.Value); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&comment, "comment", "", "why, for the history")
	return f.register(cmd)
}

// askStops asks the API, which answers with what is switched off then.
func askStops(ctx context.Context, c *bundle.Client, right admin.Right, method, path string, body any) ([]stopRow, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, method, c.Base+path, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := c.For(ctx, right).Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	var said struct {
		Stops            []stopRow
		ID, Detail, Hint string
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&said); err != nil {
		return nil, fmt.Errorf("the provider answers %s: %w", resp.Status, err)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, &bundle.Refusal{Status: resp.StatusCode, ID: said.ID, Detail: said.Detail, Hint: said.Hint}
	}
	return said.Stops, nil
}
