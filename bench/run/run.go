package run

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/bench/load"
	"github.com/ringtail-id/ringtail/bench/parts"
	"github.com/ringtail-id/ringtail/bench/proc"
	"github.com/ringtail-id/ringtail/loops/standin"
)

// Run measures and returns the report.
func Run(ctx context.Context, o Options) (*Report, error) {
	folder, err := os.MkdirTemp("", "ringtail-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	if o.LoadProcessor >= 0 {
		if err := proc.Pin(o.LoadProcessor); err != nil {
			return nil, err
		}
	}
	r, err := newReport(ctx)
	if err != nil {
		return nil, err
	}
	if o.Target != nil {
		server, err := o.measure(ctx, *o.Target, o.PID, nil)
		if err != nil {
			return nil, err
		}
		server.Name = o.Target.Issuer
		r.Servers = append(r.Servers, *server)
		return r, nil
	}
	if err := o.ours(ctx, folder, r); err != nil {
		return nil, err
	}
	return r, nil
}

// ours measures Ringtail and the floor.
func (o Options) ours(ctx context.Context, folder string, r *Report) error {
	if o.Binary == "" {
		o.Binary = filepath.Join(folder, "ringtail")
		if err := Build(ctx, o.Binary); err != nil {
			return err
		}
	}
	if err := o.ringtail(ctx, folder, r); err != nil {
		return fmt.Errorf("ringtail: %w", err)
	}
	step, err := parts.WarmStep(ctx, o.Binary)
	if err != nil {
		return err
	}
	r.WarmStep = step
	if !o.Floor {
		return nil
	}
	for _, database := range []string{"", "sqlite:" + filepath.Join(folder, "floor.db")} {
		if err := o.floor(ctx, database, r); err != nil {
			return fmt.Errorf("the floor: %w", err)
		}
	}
	return nil
}

// ringtail starts a virtual phone and the provider, and measures.
func (o Options) ringtail(ctx context.Context, folder string, r *Report) (err error) {
	phone, stop, err := startPhone()
	if err != nil {
		return err
	}
	defer stop()
	in, err := install(ctx, folder, o.Binary, phone, o, slices.Max(o.Parallel))
	if err != nil {
		return err
	}
	args := append([]string{"serve", "--conf", in.file}, in.set...)
	start := func() (*proc.Process, error) { return proc.Start(ctx, o.ServerProcessor, o.Binary, args...) }
	first, err := o.firstAnswer(ctx, in.target.Issuer, func() (*proc.Process, error) {
		return proc.Launch(ctx, o.ServerProcessor, o.Binary, args...)
	})
	if err != nil {
		return err
	}
	server, err := start()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	measured, err := o.measure(ctx, in.target, server.ID(), in)
	if err != nil {
		return errors.Join(err, errors.New(server.Log()))
	}
	measured.Name, measured.Database, measured.FirstAnswer = Ringtail, database(o.Store), first
	r.Servers = append(r.Servers, *measured)
	return nil
}

// floor measures the server that does nothing but the flow.
func (o Options) floor(ctx context.Context, store string, r *Report) (err error) {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	listen, err := freeAddress()
	if err != nil {
		return err
	}
	target := load.Target{
		Issuer: "http://" + listen, ClientID: clientID, ClientSecret: clientSecret, RedirectURI: redirectURI,
		Scopes: []string{"openid", "profile", "offline_access"}, OwnScopes: []string{ownScope}, Alg: "ES256",
		LoginField: load.DefaultLoginField, PasswordField: load.DefaultPasswordField, Accounts: accounts(slices.Max(o.Parallel)),
	}
	server, err := proc.Start(ctx, o.ServerProcessor, self, "floor", "--listen", listen, "--store", store)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	measured, err := o.measure(ctx, target, server.ID(), nil)
	if err != nil {
		return err
	}
	if measured.Name = FloorMemory; store != "" {
		measured.Name, measured.Database = FloorSQLite, database("")
	}
	r.Servers = append(r.Servers, *measured)
	return nil
}

// measure puts every operation on a target at every degree of parallelism.
func (o Options) measure(ctx context.Context, target load.Target, pid int, in *installation) (*Server, error) {
	client, err := load.NewClient(ctx, target, slices.Max(o.Parallel))
	if err != nil {
		return nil, err
	}
	people, err := client.NewPeople(slices.Max(o.Parallel))
	if err != nil {
		return nil, err
	}
	s := &Server{}
	var used func() (time.Duration, error)
	if pid != 0 {
		used = func() (time.Duration, error) { return proc.Used(pid) }
	}
	for _, n := range o.Parallel {
		for _, op := range o.operations() {
			begin, fetched := o.profile(ctx, in, op, n)
			result, err := people.Measure(ctx, op, load.Options{Parallel: n, For: o.For, Begin: begin, Used: used})
			if err := errors.Join(err, fetched()); err != nil {
				return nil, fmt.Errorf("%d at once: %w", n, err)
			}
			fmt.Fprintf(o.Log, "%-22s %3d at once  %8.0f/s  p50 %8.3f ms  p99 %8.3f ms  server %8.1f µs  refused %d\n", op.Name, n, result.Rate,
				float64(result.P50)/1e6, float64(result.P99)/1e6, float64(result.Cost)/1e3, result.Refused)
			s.Results = append(s.Results, *result)
		}
	}
	if pid == 0 {
		return s, nil
	}
	return s, s.weigh(ctx, pid)
}

// restFor is how long the server has nothing to do before its memory is read again.
const restFor = 10 * time.Second

// weigh reads the memory of the server at the end of the load, and after a rest.
func (s *Server) weigh(ctx context.Context, pid int) (err error) {
	if s.Memory, _, err = proc.Memory(pid); err != nil {
		return err
	}
	select {
	case <-time.After(restFor):
	case <-ctx.Done():
		return ctx.Err()
	}
	s.Rested, s.Workers, err = proc.Memory(pid)
	return err
}

func (o Options) operations() []load.Operation {
	all := load.Operations()
	if len(o.Only) == 0 {
		return all
	}
	return slices.DeleteFunc(all, func(op load.Operation) bool { return !slices.Contains(o.Only, op.Name) })
}

// firstAnswer is the median time from a start to the first answer.
func (o Options) firstAnswer(ctx context.Context, issuer string, launch func() (*proc.Process, error)) (time.Duration, error) {
	if o.Starts == 0 {
		return 0, nil
	}
	times := make([]time.Duration, o.Starts+1)
	for i := range times { // the first makes database and keys
		began := time.Now()
		server, err := launch()
		if err != nil {
			return 0, err
		}
		err = untilAnswer(ctx, issuer+"/.well-known/openid-configuration")
		times[i] = time.Since(began)
		if err := errors.Join(err, server.Stop()); err != nil {
			return 0, err
		}
	}
	times = times[1:]
	slices.Sort(times)
	return times[len(times)/2], nil
}

// startLimit is how long a start may take.
const startLimit = 30 * time.Second

func untilAnswer(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, errors.New("the server gave no answer"))
	defer cancel()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return err
		}
		if res, err := client.Do(r); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(time.Millisecond):
		}
	}
}

func startPhone() (address string, stop func() error, err error) {
	phone, err := standin.NewPhone(standin.PhoneOptions{Token: phoneToken, Now: time.Now})
	if err != nil {
		return "", nil, err
	}
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: phone, ReadHeaderTimeout: 5 * time.Second}
	go server.Serve(l)
	return fmt.Sprintf("http://localhost:%d", l.Addr().(*net.TCPAddr).Port), server.Close, nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("localhost:%d", l.Addr().(*net.TCPAddr).Port), l.Close()
}
