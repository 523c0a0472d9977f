package pgserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// User is the superuser of every cluster; it has no password.
const User = "ringtail"

// patience is for a machine that does much else meanwhile.
const patience = 2 * time.Minute

// keep runs the server until its input ends, which it does with the test process,
// or says how to end it. The folder stays where the input said something.
const keep = `folder=$1; shift; "$@" >"$folder/log" 2>&1 </dev/null & server=$!
read -r signal; while kill -"${signal:-QUIT}" $server 2>/dev/null; do sleep 0.02; done; [ -n "$signal" ] || rm -rf "$folder"`

// Options of a server.
type Options struct {
	// Durable servers write to the disk before they acknowledge, as those that serve
	// people do; others are faster and lose all when they are killed.
	Durable bool
	// Settings are further ones of postgresql.conf, as name=value.
	Settings []string
}

// Server is one cluster. Its methods are for one goroutine at a time.
type Server struct {
	folder   string
	bin      string
	as       *syscall.Credential // nil: as the test's own user
	settings []string
	process  *exec.Cmd
	input    io.WriteCloser
}

// New makes a cluster and starts it. ErrNone where the machine has no PostgreSQL.
func New(ctx context.Context, o Options) (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, settings: settingsOf(o)}
	if s.as, err = unprivileged(); err != nil {
		return nil, err
	}
	// Not the test's own folder: a socket's path has at most 107 bytes.
	if s.folder, err = os.MkdirTemp(parent(o), "ringtail-pg-"); err != nil {
		return nil, fmt.Errorf("making the cluster's folder: %w", err)
	}
	if s.as != nil {
		err = os.Chown(s.folder, int(s.as.Uid), int(s.as.Gid))
	}
	if err == nil {
		err = s.init(ctx)
	}
	if err == nil {
		err = s.Start(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.folder))
	}
	return s, nil
}

// parent is memory, where there is enough: most of a test's time is the copying of
// databases.
func parent(o Options) string {
	const memory, enough = "/dev/shm", 2 << 30
	var fs syscall.Statfs_t
	if err := syscall.Statfs(memory, &fs); err != nil || o.Durable || fs.Bavail*uint64(fs.Bsize) < enough {
		return "/tmp"
	}
	return memory
}

func settingsOf(o Options) []string {
	settings := []string{"listen_addresses=", "max_connections=300", "wal_level=minimal", "max_wal_senders=0", "logging_collector=off"}
	if !o.Durable {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "checkpoint_timeout=1h")
	}
	return append(settings, o.Settings...)
}

func (s *Server) init(ctx context.Context) error {
	// Another collation than the C one would hide a text column that lacks its own.
	cmd := s.command(ctx, filepath.Join(s.bin, "initdb"), "-D", s.data(), "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("making a cluster: %w: %s", err, out)
	}
	return nil
}

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

func (s *Server) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = s.folder
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.as, Setpgid: true}
	return cmd
}

// Start starts the server that was stopped or killed, and returns when it answers.
func (s *Server) Start(ctx context.Context) error {
	deadline, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		if err := s.launch(); err != nil {
			return fmt.Errorf("starting PostgreSQL: %w", err)
		}
		err := s.answers(deadline)
		if err == nil {
			return nil
		}
		// Processes of one that was killed may not have noticed yet.
		s.end("QUIT")
		if deadline.Err() != nil {
			log, _ := os.ReadFile(filepath.Join(s.folder, "log"))
			return fmt.Errorf("starting PostgreSQL: %w: %s", err, log)
		}
	}
}

func (s *Server) launch() (err error) {
	if err := os.RemoveAll(filepath.Join(s.folder, "log")); err != nil {
		return err
	}
	args := []string{"-c", keep, "sh", s.folder, filepath.Join(s.bin, "postgres"), "-D", s.data(), "-k", s.folder}
	for _, setting := range s.settings {
		args = append(args, "-c", setting)
	}
	s.process = s.command(context.Background(), "/bin/sh", args...)
	if s.input, err = s.process.StdinPipe(); err != nil {
		return err
	}
	return s.process.Start()
}

// errEnded: the server ended before it answered.
var errEnded = errors.New("the server ended")

func (s *Server) answers(ctx context.Context) error {
	for tick := time.NewTicker(10 * time.Millisecond); ; {
		if conn, err := pgx.Connect(ctx, s.URL("postgres")); err == nil {
			return conn.Close(ctx)
		}
		log, _ := os.ReadFile(filepath.Join(s.folder, "log"))
		if strings.Contains(string(log), "is still in use") || strings.Contains(string(log), "system is shut down") {
			return errEnded
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// URL is that of one of the server's databases.
func (s *Server) URL(database string) string {
	return "postgres:///" + url.PathEscape(database) + "?host=" + url.QueryEscape(s.folder) + "&user=" + User
}

// Folder holds the cluster and the server's socket, .s.PGSQL.5432.
func (s *Server) Folder() string { return s.folder }

// Exec runs statements in one of the server's databases.
func (s *Server) Exec(ctx context.Context, database string, statements ...string) error {
	conn, err := pgx.Connect(ctx, s.URL(database))
	if err != nil {
		return err
	}
	for _, statement := range statements {
		if _, err = conn.Exec(ctx, statement); err != nil {
			break
		}
	}
	return errors.Join(err, conn.Close(ctx))
}

// Stop stops the server as an administrator does who doesn't wait for its clients.
func (s *Server) Stop() { s.end("INT") }

// Kill ends the server without a word. What a Durable one acknowledged is there
// after the next Start.
func (s *Server) Kill() { s.end("KILL") }

// end closes the input, with the name of a signal before, and waits for the server.
func (s *Server) end(signal string) {
	_, _ = io.WriteString(s.input, signal+"\n")
	_ = s.input.Close()
	_ = s.process.Wait()
}

// Close ends the server and deletes the cluster.
func (s *Server) Close() error {
	s.end("")
	return os.RemoveAll(s.folder)
}
