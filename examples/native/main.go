// Command native plays a native app on a phone that signs its person in with
// Ringtail, without a browser and without a digit typed: it posts the login and
// the password, reads who called from the phone's call log and posts that
// number. It is the client side of docs/how-to/sign-in-from-a-native-app.md,
// made to be read and copied.
//
// It owns the order of the requests and what the person is told in each state of
// the flash call. The phone is the demo's virtual one; on Android the same list
// comes from CallLog.Calls, with the permission READ_CALL_LOG. It leaves other
// factors out, and knows nothing of the provider but its issuer and how the
// login speaks JSON.
//
//	ringtail demo &
//	NATIVE_PASSWORD=ring-the-phone go run ./examples/native
//
// The claims of the ID token go to standard output, what a person would read on
// the screen to standard error. Exit codes: 0 signed in; 1 something broke on
// the way; 2 wrong flags; and for what the person must do next: 3 sign in anew
// (wrong password, login over, refused), 4 try again: no call came or its number
// was not the right one, 5 wait until the time that was printed, 6 have the
// phone number of the account seen to, 7 use a browser: this needs another step
// than a flash call.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"time"
)

// Exit codes; see the package's doc.
const (
	exitOK = iota
	exitBroken
	exitUsage
	exitAnew
	exitRetry
	exitWait
	exitNumber
	exitOther
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// settings are what the flags say.
type settings struct {
	issuer, client, redirect string
	login, password          string
	phone, number            string
	again                    int
	timeout                  time.Duration
}

func run(ctx context.Context, args []string, env func(string) string, out, screen io.Writer) int {
	s, err := parse(args, env, screen)
	if errors.Is(err, flag.ErrHelp) {
		return exitOK
	}
	if err != nil {
		fmt.Fprintln(screen, err)
		return exitUsage
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	a := &app{
		settings: s, screen: screen, now: time.Now, pause: pause,
		log: callLog{http: &http.Client{Timeout: 5 * time.Second}, phone: s.phone, number: s.number},
	}
	err = a.signIn(ctx, out)
	var end *ending
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &end):
		fmt.Fprintln(screen, end.text)
		return end.code
	}
	if errors.Is(err, context.DeadlineExceeded) {
		fmt.Fprintln(screen, "That took too long. Try again.")
		return exitRetry
	}
	fmt.Fprintln(screen, "native:", err)
	return exitBroken
}

func parse(args []string, env func(string) string, screen io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("native", flag.ContinueOnError)
	flags.SetOutput(screen)
	flags.StringVar(&s.issuer, "issuer", "http://localhost:8400/blitz", "the provider's `issuer`")
	flags.StringVar(&s.client, "client", "demo-native", "the app's client `ID`, of a public client")
	flags.StringVar(&s.redirect, "redirect", "com.example.native:/callback", "the app's redirect `URI`")
	flags.StringVar(&s.login, "login", "demo", "the person's `login`")
	flags.StringVar(&s.password, "password", env("NATIVE_PASSWORD"), "the `password`; better in NATIVE_PASSWORD, where no list of processes shows it")
	flags.StringVar(&s.phone, "phone", "http://localhost:8402", "the virtual phone's `address`")
	flags.StringVar(&s.number, "number", "79990000001", "the phone's own `number`, as digits")
	flags.IntVar(&s.again, "again", 1, "how many `times` to ask for another call, where one doesn't come or isn't the right one")
	flags.DurationVar(&s.timeout, "timeout", 3*time.Minute, "when to give up")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if flags.NArg() > 0 || s.password == "" || s.login == "" || s.timeout <= 0 {
		return s, errors.New("native: give --login, and the password in NATIVE_PASSWORD; no arguments besides the flags")
	}
	return s, safe(s.issuer)
}

// pause waits, or fails when the app gives up meanwhile.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
