package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/conf"
	adminsettings "github.com/ringtail-id/ringtail/idp/admin/settings"
	"github.com/ringtail-id/ringtail/loops"
)

func limitsCommand(std stdio) *cobra.Command {
	var f settingsFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use: "limits", Short: "Show the chain of calls, its limits, and what guessing a code is worth under them", Args: args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			settings, err := f.load(std.err)
			if err != nil {
				return err
			}
			if !usesCalls(settings) {
				return errors.New("flashCall is not enabled in login.factors, so nobody is called and nothing is limited")
			}
			chain, err := findChain(settings)
			if err != nil {
				fmt.Fprintln(std.err, err)
				return errSilent
			}
			report := newLimitsReport(settings, chain)
			if asJSON {
				e := jsonFor(std.out)
				e.SetIndent("", "  ")
				return e.Encode(report)
			}
			return report.print(std.out)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.AddCommand(codesCommand(std))
	return f.register(cmd)
}

// limitsReport is what an administrator should know before people are called.
type limitsReport struct {
	Currency string       `json:"currency"` // of all prices
	Routes   []routeRow   `json:"routes"`
	Limits   []limitRow   `json:"limits"`
	Odds     oddsRow      `json:"odds"`
	Warnings []warningRow `json:"warnings"`
}

type routeRow struct {
	Channel    string  `json:"channel"`
	Driver     string  `json:"driver"`
	CodeOrigin string  `json:"code_origin"` // who chooses the code
	Price      float64 `json:"price"`       // 0 where it isn't set
	Wait       int     `json:"wait"`        // seconds
	Conditions string  `json:"conditions"`  // empty: always
}

type limitRow struct {
	Setting string `json:"setting"` // below login.methods.flashCall
	Value   any    `json:"value"`   // a number, 0 where it is switched off, or a list
	Unit    string `json:"unit"`
	Meaning string `json:"meaning"`
}

// oddsRow says how many codes are equally likely, and how far somebody gets who
// guesses.
type oddsRow struct {
	Codes float64     `json:"codes"`
	Code  guessingRow `json:"code"`
	Block guessingRow `json:"block"`
	Day   guessingRow `json:"day"`
}

type guessingRow struct {
	Calls   int     `json:"calls"`
	Guesses int     `json:"guesses"`
	Chance  float64 `json:"chance"`
}

type warningRow struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	Hint string `json:"hint"`
}

func newLimitsReport(s *conf.Settings, chain []served) limitsReport {
	call := s.Login.Methods.FlashCall
	r := limitsReport{Currency: call.Limits.Currency, Limits: limitRows(call), Odds: odds(call, chain), Warnings: []warningRow{}}
	for _, l := range chain {
		r.Routes = append(r.Routes, routeRow{
			Channel: l.Channel, Driver: l.Driver, CodeOrigin: string(l.driver.Manifest.CodeOrigin), Price: money(l.Price),
			Wait: int(l.Wait / time.Second), Conditions: conditions(l.Route),
		})
	}
	for _, w := range warningsOf(s, chain) {
		r.Warnings = append(r.Warnings, warningRow(w))
	}
	return r
}

// odds are those that the console shows.
func odds(call conf.FlashCall, chain []served) oddsRow {
	var known []*loops.Driver
	for _, l := range chain {
		known = append(known, l.driver)
	}
	o := adminsettings.OddsOf(call, known)
	return oddsRow{Codes: o.Codes, Code: guessingRow(o.Code), Block: guessingRow(o.Block), Day: guessingRow(o.Day)}
}

func limitRows(f conf.FlashCall) []limitRow {
	l := f.Limits
	spend := "money a day for all orders"
	if !slices.ContainsFunc(f.Channels, func(r conf.Route) bool { return r.Price > 0 }) {
		spend += "; no route has a price, so only what providers tell counts"
	}
	return []limitRow{
		{"codeLength", f.CodeLength, "", "digits of a code"},
		{"validity", int(f.Validity / time.Second), "s", "how long a code may be entered"},
		{"attemptsPerLogin", f.AttemptsPerLogin, "", "codes entered in one login, until a new call is needed"},
		{"totalAttempts", f.TotalAttempts, "", "calls and codes of a user since the last success, until the method is blocked for them"},
		{"blockMinutes", int(f.BlockFor / time.Minute), "min", "how long it is blocked"},
		{"resendAfter", int(f.ResendAfter / time.Second), "s", "between two calls of a user"},
		{"numbers.countries", f.Numbers.Countries, "", "nobody else is called"},
		{"limits.perNumber.hour", l.NumberHour, "", "orders an hour to one number, over all users and applications"},
		{"limits.perNumber.day", l.NumberDay, "", "orders a day to one number"},
		{"limits.perAddress.hour", l.AddressHour, "", "orders an hour from one IP address"},
		{"limits.perNetwork.hour", l.NetworkHour, "", "orders an hour from one /24, or /48 of IPv6"},
		{"limits.perPrefix.hour", l.PrefixHour, "", "orders an hour to numbers that differ in their last four digits alone"},
		{"limits.perCountry.hour", l.CountryHour, "", "orders an hour to one country"},
		{"limits.spend.day", money(l.SpendDay), l.Currency, spend},
	}
}

// is writes the value for people.
func (l limitRow) is() string {
	switch v := l.Value.(type) {
	case []string:
		return "[" + strings.Join(v, ", ") + "]"
	case float64, int:
		if strings.HasPrefix(l.Setting, "limits.") && (v == 0 || v == 0.) {
			return "off"
		}
	}
	return strings.TrimSpace(fmt.Sprint(l.Value, " ", l.Unit))
}

// money are millionths as the file writes them.
func money(millionths int64) float64 { return float64(millionths) / 1e6 }

// conditions says when the route serves.
func conditions(r conf.Route) string {
	var all []string
	for _, list := range [][]string{r.Countries, r.Prefixes, r.Operators} {
		if len(list) > 0 {
			all = append(all, strings.Join(list, ", "))
		}
	}
	if r.From != r.To {
		all = append(all, fmt.Sprintf("%02d:%02d-%02d:%02d", r.From/60, r.From%60, r.To/60, r.To%60))
	}
	return strings.Join(all, "; ")
}

// print writes three tables and the warnings, for people.
func (r limitsReport) print(out io.Writer) error {
	cost := func(price float64) string {
		if price == 0 {
			return ""
		}
		return fmt.Sprint(price, " ", r.Currency)
	}
	return errors.Join(
		list(out, false, r.Routes, "CHANNEL\tDRIVER\tWHO CHOOSES THE CODE\tPRICE\tAFTER\tONLY FOR", func(row routeRow) string {
			return fmt.Sprintf("%s\t%s\t%s\t%s\t%d s\t%s", row.Channel, row.Driver, row.CodeOrigin, cost(row.Price), row.Wait, row.Conditions)
		}),
		list(out, false, r.Limits, "\nLIMIT\tIS\tMEANS", func(l limitRow) string {
			return fmt.Sprintf("%s\t%s\t%s", l.Setting, l.is(), l.Meaning)
		}),
		r.Odds.print(out),
		r.printWarnings(out),
	)
}

func (o oddsRow) print(out io.Writer) error {
	type row struct {
		of string
		guessingRow
	}
	rows := []row{
		{"one login, one call", o.Code}, {"one login, new calls until it is blocked", o.Block}, {"one account, a day of steady guessing", o.Day},
	}
	return list(out, false, rows, fmt.Sprintf("\nGUESSING ONE OF %.0f CODES\tCALLS\tGUESSES\tCHANCE", o.Codes), func(r row) string {
		return fmt.Sprintf("%s\t%d\t%d\t%s", r.of, r.Calls, r.Guesses, percent(r.Chance))
	})
}

func (r limitsReport) printWarnings(out io.Writer) error {
	for _, w := range r.Warnings {
		if _, err := fmt.Fprintf(out, "\nwarning: %s\n  %s\n", w.Text, w.Hint); err != nil {
			return err
		}
	}
	return nil
}

// percent writes a chance with two digits that count, and as one in so many.
func percent(chance float64) string {
	return strconv.FormatFloat(chance*100, 'g', 2, 64) + " %, 1 in " + strconv.FormatFloat(1/chance, 'f', 0, 64)
}
