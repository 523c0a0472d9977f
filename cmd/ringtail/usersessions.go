package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
)

func userSessionsCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use: "sessions LOGIN", Short: "List where a user is signed in", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				rows, err := in.sessions(cmd.Context(), given[0], time.Now())
				if err != nil {
					return err
				}
				return list(std.out, asJSON, rows, "ID\tBEGAN\tLAST SEEN\tADDRESS\tBROWSER\tAPPLICATIONS", func(s sessionRow) string {
					return fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s", s.ID, s.CreatedAt.Format(time.RFC3339), s.SeenAt.Format(time.RFC3339),
						s.Address, printable(s.UserAgent), strings.Join(s.Applications, " "))
				})
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return f.register(cmd)
}

// sessionRow is a session as lists show it.
type sessionRow struct {
	ID           string    `json:"id"`
	CreatedAt    time.Time `json:"created_at"`
	SeenAt       time.Time `json:"seen_at"`
	ExpiresAt    time.Time `json:"expires_at"`
	UserAgent    string    `json:"user_agent,omitempty"`
	Address      string    `json:"address,omitempty"`
	Applications []string  `json:"applications"` // IDs of the clients that were reached
}

// printable is what a browser said of itself, fit for a terminal.
func printable(text string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' {
			return '?'
		}
		return c
	}, text)
}

func (in *installation) sessions(ctx context.Context, login string, now time.Time) ([]sessionRow, error) {
	u, err := in.userByLogin(ctx, login)
	if err != nil {
		return nil, err
	}
	sessions, err := in.store.SessionsOf(ctx, u.ID, now)
	if err != nil {
		return nil, err
	}
	rows := []sessionRow{}
	for _, s := range sessions {
		used, err := in.store.SessionClients(ctx, s.ID)
		if err != nil {
			return nil, err
		}
		row := sessionRow{ID: s.ID, CreatedAt: s.CreatedAt, SeenAt: s.SeenAt, ExpiresAt: s.ExpiresAt, UserAgent: s.UserAgent, Address: s.Address, Applications: []string{}}
		for _, u := range used {
			row.Applications = append(row.Applications, u.ClientID)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func userSignOutCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var session string
	cmd := &cobra.Command{
		Use: "sign-out LOGIN", Args: args(cobra.ExactArgs(1)),
		Short: "Sign a user out everywhere, offline access of applications included, or out of one session; applications are told by the running provider",
		RunE: func(cmd *cobra.Command, given []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				ended, err := in.signOut(cmd.Context(), given[0], session, time.Now())
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(std.out, "sessions ended: %d\n", len(ended))
				return err
			})
		},
	}
	cmd.Flags().StringVar(&session, "session", "", "the `ID` of the one session to end, as \"user sessions\" lists it")
	return f.register(cmd)
}

func (in *installation) signOut(ctx context.Context, login, session string, now time.Time) ([]string, error) {
	u, err := in.userByLogin(ctx, login)
	if err != nil {
		return nil, err
	}
	ended, err := in.store.EndSessions(ctx, idp.Ending{UserID: u.ID, Session: session, Offline: session == ""}, now)
	if err == nil && session != "" && len(ended) == 0 {
		return nil, fmt.Errorf("%s has no session %q; \"ringtail user sessions %s\" lists them", u.Login, session, u.Login)
	}
	return ended, in.record(ctx, err, audit.TypeSessionEnded, u.ID, map[string]any{"login": u.Login, "sessions": ended, "everywhere": session == ""})
}

func (in *installation) userByLogin(ctx context.Context, login string) (*idp.User, error) {
	u, err := in.store.UserByLogin(ctx, login)
	if errors.Is(err, idp.ErrNotFound) {
		return nil, fmt.Errorf("there is no user %s", login)
	}
	return u, err
}
