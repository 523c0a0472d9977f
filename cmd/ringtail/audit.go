package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/idp/audit"
)

func auditCommand(std stdio) *cobra.Command {
	return group("audit", "Read, export and verify the audit trail", auditListCommand(std), auditExportCommand(std), auditVerifyCommand(std))
}

// auditFlags say which records are wanted.
type auditFlags struct {
	query    audit.Query
	from, to string
}

func (a *auditFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&a.query.Type, "type", "", "only this `TYPE` of events")
	flags.StringVar(&a.query.Subject, "subject", "", "only what the user of this `ID` did")
	flags.StringVar(&a.query.Object, "object", "", "only what was done to this `ID` or name")
	flags.StringVar(&a.query.ClientID, "client", "", "only of the relying party of this `ID`")
	flags.StringVar(&a.query.SessionID, "session", "", "only of the session of this `ID`")
	flags.StringVar(&a.query.Procedure, "login", "", "only of the login of this `ID`")
	flags.StringVar(&a.query.IP, "ip", "", "only from this `ADDRESS`")
	flags.StringVar(&a.from, "from", "", "from this `TIME` on, such as 2026-03-01 or 2026-03-01T12:00:00Z")
	flags.StringVar(&a.to, "to", "", "before this `TIME`")
}

// wanted is the query with its times.
func (a *auditFlags) wanted() (audit.Query, error) {
	q := a.query
	for name, t := range map[string]struct {
		text string
		to   *time.Time
	}{"from": {a.from, &q.From}, "to": {a.to, &q.To}} {
		if t.text == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, t.text)
		if err != nil {
			at, err = time.Parse(time.DateOnly, t.text)
		}
		if err != nil {
			return q, usageError{fmt.Errorf("--%s is %q; write a day, 2026-03-01, or a time, 2026-03-01T12:00:00Z", name, t.text)}
		}
		*t.to = at
	}
	return q, nil
}

func auditListCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var a auditFlags
	var asJSON bool
	var limit int
	cmd := &cobra.Command{
		Use: "list", Short: "List records, the newest first", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			q, err := a.wanted()
			if err != nil {
				return err
			}
			if limit < 1 || limit > 10_000 {
				return usageError{fmt.Errorf("--limit is %d; write 1 to 10000", limit)}
			}
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				rows, err := in.store.FindAudit(cmd.Context(), q, 0, limit)
				if err != nil {
					return err
				}
				return printRecords(std, asJSON, rows)
			})
		},
	}
	a.register(cmd)
	cmd.Flags().IntVar(&limit, "limit", 50, "at most so many")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return f.register(cmd)
}

func printRecords(std stdio, asJSON bool, rows []audit.Row) error {
	if asJSON {
		all := make([]json.RawMessage, len(rows))
		for i, row := range rows {
			all[i] = row.JSON()
		}
		return list(std.out, true, all, "", nil)
	}
	return list(std.out, false, rows, "SEQ\tTIME\tTYPE\tSUBJECT\tOBJECT\tCLIENT\tIP", func(r audit.Row) string {
		texts := []string{strconv.FormatInt(r.Seq, 10), utc(r.At), r.Type, r.Subject, r.Object, r.ClientID, r.IP}
		for i, text := range texts {
			texts[i] = printable(text)
		}
		return strings.Join(texts, "\t")
	})
}

func auditExportCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var a auditFlags
	var format string
	cmd := &cobra.Command{
		Use: "export", Short: "Write all records that are wanted, the newest first, to standard output", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			q, err := a.wanted()
			if err != nil {
				return err
			}
			write, ok := audit.Formats()[format]
			if !ok {
				return usageError{fmt.Errorf("--format is %q; write jsonl or csv", format)}
			}
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				n, err := audit.Export(cmd.Context(), in.store, q, write(std.out), 0)
				return in.record(cmd.Context(), err, audit.TypeAuditExported, "", map[string]any{"format": format, "records": n})
			})
		},
	}
	a.register(cmd)
	cmd.Flags().StringVar(&format, "format", "jsonl", "`FORMAT`: jsonl or csv")
	return f.register(cmd)
}

func auditVerifyCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var heads []string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "verify", Short: "Check every record of the trail; exit code 1 and the first broken seq where it was changed", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			noted, err := readHeads(heads)
			if err != nil {
				return err
			}
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				return in.verifyAudit(cmd.Context(), std, asJSON, noted)
			})
		},
	}
	cmd.Flags().StringArrayVar(&heads, "head", nil, "a head that was noted elsewhere, `SEQ:HASH`, as the log's \"audit head\" has it; may be repeated")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return f.register(cmd)
}

func readHeads(given []string) ([]audit.Mark, error) {
	var marks []audit.Mark
	for _, text := range given {
		seq, hash, ok := strings.Cut(text, ":")
		n, err := strconv.ParseInt(seq, 10, 64)
		if err != nil || !ok || n < 1 || hash == "" {
			return nil, usageError{fmt.Errorf("--head %q: write SEQ:HASH", text)}
		}
		marks = append(marks, audit.Mark{Seq: n, Hash: hash})
	}
	return marks, nil
}

// verified is what `audit verify --json` prints.
type verified struct {
	Whole   bool       `json:"whole"`
	Records int64      `json:"records"`
	First   int64      `json:"first"`
	Last    int64      `json:"last"`
	Head    string     `json:"head,omitempty"` // SEQ:HASH
	Faults  []brokenAt `json:"faults"`
}

type brokenAt struct {
	Seq    int64  `json:"seq"`
	Reason string `json:"reason"`
}

func (in *installation) verifyAudit(ctx context.Context, std stdio, asJSON bool, noted []audit.Mark) error {
	report, err := audit.NewChain(in.keyring).Verify(ctx, in.store, noted...)
	if err != nil {
		return err
	}
	v := verified{Whole: len(report.Faults) == 0, Records: report.Records, First: report.First, Last: report.Last, Faults: []brokenAt{}}
	if report.Head.Seq > 0 {
		v.Head = fmt.Sprintf("%d:%s", report.Head.Seq, report.Head.Hash)
	}
	for _, fault := range report.Faults {
		v.Faults = append(v.Faults, brokenAt{fault.Seq, fault.Reason})
	}
	if asJSON {
		e := jsonFor(std.out)
		e.SetIndent("", "  ")
		err = e.Encode(v)
	} else {
		err = v.print(std)
	}
	if err == nil && !v.Whole {
		err = errSilent
	}
	return err
}

func (v verified) print(std stdio) error {
	var errs []error
	for _, fault := range v.Faults {
		_, err := fmt.Fprintf(std.out, "%d: %s\n", fault.Seq, fault.Reason)
		errs = append(errs, err)
	}
	if v.Whole {
		_, err := fmt.Fprintf(std.out, "%d records are whole, from %d to %d\nhead %s\n", v.Records, v.First, v.Last, v.Head)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
