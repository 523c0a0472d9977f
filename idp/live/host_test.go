package live_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/live"
	"github.com/ringtail-id/ringtail/idp/settings"
)

// disk are files in memory.
type disk struct {
	mu    sync.Mutex
	files map[string]string
	turn  int64
	at    map[string]int64
}

func (d *disk) write(name, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.turn++
	d.files[name], d.at[name] = text, d.turn
}

func (d *disk) read(name string) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	text, ok := d.files[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return []byte(text), nil
}

type info struct {
	fs.FileInfo
	size, at int64
}

func (i info) Size() int64        { return i.size }
func (i info) ModTime() time.Time { return time.Unix(i.at, 0) }

func (d *disk) stat(name string) (fs.FileInfo, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	text, ok := d.files[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return info{size: int64(len(text)), at: d.at[name]}, nil
}

// provider answers with the code length that it was made of.
type provider struct {
	w       *world
	length  int
	drivers map[string]int
	hold    chan struct{} // requests to /slow wait for it
	running atomic.Bool
	closed  atomic.Bool
}

func (p *provider) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			p.w.inside <- struct{}{}
			<-p.hold
		}
		fmt.Fprint(w, p.length, p.drivers, p.closed.Load())
	})
}

func (p *provider) Ops() http.Handler { return http.NotFoundHandler() }

func (p *provider) Console() http.Handler { return nil }

func (p *provider) Run(ctx context.Context) error {
	p.running.Store(true)
	p.w.began <- p
	<-ctx.Done()
	p.running.Store(false)
	p.w.ended <- p
	return p.w.failure
}

func (p *provider) Close() error {
	if p.closed.Swap(true) {
		return errors.New("closed twice")
	}
	p.w.closed.Add(1)
	return nil
}

// world is one database with its nodes.
type world struct {
	disk    *disk
	store   *settings.Memory
	inside  chan struct{}
	began   chan *provider
	ended   chan *provider
	closed  atomic.Int32
	made    atomic.Int32
	seconds atomic.Int64          // of the clock
	refuse  atomic.Pointer[error] // what Make refuses with
	// failure is what Run ends with.
	failure error
}

func newWorld() *world {
	w := &world{
		disk: &disk{files: map[string]string{}, at: map[string]int64{}}, store: &settings.Memory{},
		inside: make(chan struct{}, 1), began: make(chan *provider, 1000), ended: make(chan *provider, 1000),
	}
	w.file(4)
	return w
}

func (w *world) file(length int, more ...string) {
	w.disk.write("blitz.conf", fmt.Sprintf("include \"more.conf\"\nblitz.prod.local.idp.login.methods.flashCall { driver = newtel, codeLength = %d }\n%s", length, strings.Join(more, "\n")))
}

// node is a host that runs.
type node struct {
	*live.Host
	w       *world
	log     *syncBuffer
	tick    chan time.Time
	hup     chan os.Signal
	service *settings.Service
	trail   *audit.Memory
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}
func (s *syncBuffer) String() string { s.mu.Lock(); defer s.mu.Unlock(); return s.b.String() }

func (w *world) make(_ context.Context, s *conf.Settings, drivers map[string]int) (live.Provider, error) {
	if err := w.refuse.Load(); err != nil {
		return nil, *err
	}
	w.made.Add(1)
	return &provider{w: w, length: s.Login.Methods.FlashCall.CodeLength, drivers: drivers, hold: make(chan struct{})}, nil
}

func (w *world) refuses(err error) { w.refuse.Store(&err) }

func (w *world) options(log io.Writer) live.Options {
	return live.Options{
		Conf: conf.Options{File: "blitz.conf", ReadFile: w.disk.read}, Stat: w.disk.stat, Store: w.store, Make: w.make,
		Now: func() time.Time { return time.Unix(w.seconds.Load(), 0) }, Log: slog.New(slog.NewTextHandler(log, nil)),
	}
}

func (w *world) node(t *testing.T) *node {
	t.Helper()
	n := &node{w: w, log: &syncBuffer{}, tick: make(chan time.Time), hup: make(chan os.Signal), trail: &audit.Memory{}}
	var err error
	if n.Host, err = w.start(t, n.log); err != nil {
		t.Fatal(err)
	}
	if n.service, err = settings.New(settings.Options{Store: w.store, Node: n.Host, Trail: n.trail}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- n.Run(ctx, n.tick, n.hup) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil && w.failure == nil {
			t.Error(err)
		}
	})
	<-w.began
	return n
}

func (w *world) start(t *testing.T, log io.Writer) (*live.Host, error) {
	t.Helper()
	h, err := live.New(w.options(log))
	if err != nil {
		t.Fatal(err)
	}
	return h, h.Start(t.Context())
}

func (n *node) look(times int) {
	for range times {
		n.Look(context.Background())
	}
}

// ticked sends a tick, and waits until it was seen: the second one is taken when the
// first one is done.
func (n *node) ticked() {
	n.tick <- time.Time{}
	n.tick <- time.Time{}
}

func (n *node) get(path string) string {
	rec := httptest.NewRecorder()
	n.Handler().ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
	return rec.Body.String()
}

func (n *node) wants(t *testing.T, length int) {
	t.Helper()
	if got := n.get("/"); !strings.HasPrefix(got, fmt.Sprint(length)) || !strings.HasSuffix(got, "false") {
		t.Errorf("served by %q, want codes of %d", got, length)
	}
}

const codeLength = "login.methods.flashCall.codeLength"

func (n *node) save(t *testing.T, base int, path, value string) error {
	t.Helper()
	anna := &admin.Actor{UserID: "u", Login: "anna", Roles: []admin.Role{admin.RoleRoot}}
	_, err := n.service.Save(t.Context(), anna, base, []settings.Change{{Path: path, New: &value}}, "")
	return err
}

func TestASaveIsServedOnEveryNode(t *testing.T) {
	w := newWorld()
	a, b := w.node(t), w.node(t)
	a.wants(t, 4)
	if err := a.save(t, 0, codeLength, "6"); err != nil {
		t.Fatal(err)
	}
	a.wants(t, 6)
	b.wants(t, 4)
	b.ticked()
	b.wants(t, 6)
	if err := b.save(t, 1, "drivers.newtel", "3"); err != nil {
		t.Fatal(err)
	}
	if got := b.get("/"); !strings.Contains(got, "map[newtel:3]") {
		t.Errorf("served with the drivers %s", got)
	}
	if s, number := b.Served(); number != 2 || s.Login.Methods.FlashCall.CodeLength != 6 {
		t.Errorf("revision %d, %+v", number, s.Login.Methods.FlashCall)
	}
}

func TestRequestsEndWhereTheyBegan(t *testing.T) {
	w := newWorld()
	n := w.node(t)
	old := n.Provider().(*provider)
	answer := make(chan string)
	go func() { answer <- n.get("/slow") }()
	<-w.inside
	if err := n.save(t, 0, codeLength, "6"); err != nil {
		t.Fatal(err)
	}
	n.wants(t, 6)
	rec := httptest.NewRecorder()
	if n.Console().ServeHTTP(rec, httptest.NewRequest("GET", "/", nil)); rec.Code != http.StatusNotFound {
		t.Errorf("a console that isn't there answers %d", rec.Code)
	}
	if ended := <-w.ended; ended != old {
		t.Error("another one's background work ended")
	}
	if next := <-w.began; next.length != 6 || !next.running.Load() {
		t.Error("the new one has no background work")
	}
	if old.closed.Load() {
		t.Error("it was closed with a request inside")
	}
	close(old.hold)
	if got := <-answer; !strings.HasPrefix(got, "4") || !strings.HasSuffix(got, "false") {
		t.Errorf("the request was answered %q", got)
	}
}

func TestTheFileIsFollowed(t *testing.T) {
	w := newWorld()
	n := w.node(t)
	w.file(5)
	n.look(1)
	n.wants(t, 4)
	n.look(1)
	n.wants(t, 5)
	w.disk.write("more.conf", "blitz.prod.local.idp.login.level = 1") // an include that wasn't there
	n.look(3)
	if s, _ := n.Served(); s.Login.Level != 1 {
		t.Error("a new include isn't followed")
	}
	made := w.made.Load()
	n.look(5)
	if w.made.Load() != made {
		t.Error("nothing changed, and a generation was made")
	}
	w.file(7)
	n.hup <- os.Interrupt
	n.ticked()
	n.wants(t, 7)
}

func TestAFileThatIsBeingWrittenIsLeftAlone(t *testing.T) {
	w := newWorld()
	n := w.node(t)
	for i := range 6 {
		w.disk.write("blitz.conf", strings.Repeat("# ", i))
		n.look(1)
	}
	w.file(6)
	n.look(1)
	n.wants(t, 4)
	n.look(2)
	n.wants(t, 6)
}

func TestWhatCantBeServedChangesNothing(t *testing.T) {
	w := newWorld()
	n := w.node(t)
	w.file(4, "blitz.prod.local.idp.login.levle = 1")
	n.look(5)
	n.wants(t, 4)
	if want := "blitz.conf:3:1: blitz.prod.local.idp.login.levle: there is no such setting; write level"; strings.Count(n.log.String(), want) != 1 || !slices.Equal(n.Trouble(), []string{want}) {
		t.Errorf("the log says\n%s", n.log)
	}
	if err := n.save(t, 0, codeLength, "5"); err != nil {
		t.Fatal("a broken file keeps administrators from saving:", err)
	}
	n.wants(t, 5)
	var invalid *settings.Invalid
	if err := n.save(t, 1, codeLength, "50"); !errors.As(err, &invalid) || invalid.Findings[0].Pos.File != conf.SavedName {
		t.Errorf("%v", err)
	}
	w.refuses(errors.Join(conf.Errors{{Path: "x", Msg: "there is no driver newtel"}}, nil, conf.Errors{{Path: "y", Msg: "z"}}))
	if err := n.save(t, 1, codeLength, "6"); !errors.As(err, &invalid) || len(invalid.Findings) != 2 {
		t.Errorf("%v", err)
	}
	w.refuses(errors.Join(conf.Errors{{Path: "x"}}, errors.New("no more processes")))
	if err := n.save(t, 1, codeLength, "6"); err == nil || errors.As(err, &invalid) {
		t.Errorf("%v", err)
	}
	w.refuse.Store(nil)
	n.wants(t, 5)
	if len(n.trail.Events()) != 1 {
		t.Errorf("on record: %+v", n.trail.Events())
	}
	w.file(4)
	n.look(3)
	if len(n.Trouble()) != 0 {
		t.Errorf("%v", n.Trouble())
	}
}

// A revision that another node found good, and this one can't serve, is tried again
// when something changed, and now and then.
func TestABadRevisionNeverServes(t *testing.T) {
	w := newWorld()
	n := w.node(t)
	if err := w.store.AppendRevision(t.Context(), settings.Revision{Number: 1, Layer: settings.Layer{Values: []settings.Value{{Path: codeLength, HOCON: "50"}}}}); err != nil {
		t.Fatal(err)
	}
	n.look(4)
	n.wants(t, 4)
	if got := strings.Count(n.log.String(), "console:1:"); got != 1 {
		t.Errorf("told %d times:\n%s", got, n.log)
	}
	if _, err := w.start(t, io.Discard); err == nil || !strings.Contains(err.Error(), "console:1:") {
		t.Errorf("a start with it: %v", err)
	}
	w.file(5) // the file is followed though
	n.look(3)
	n.wants(t, 5)
	w.file(6, "blitz.prod.local.idp.console.readonly = true")
	n.look(3)
	n.wants(t, 6)
	if err := n.save(t, 1, codeLength, "5"); !errors.Is(err, settings.ErrReadOnly) {
		t.Error(err)
	}
}

func TestWhatPassesIsTriedAgain(t *testing.T) {
	w := newWorld()
	a, b := w.node(t), w.node(t)
	w.refuses(errors.New("no more processes"))
	if err := w.store.AppendRevision(t.Context(), settings.Revision{Number: 1, Layer: settings.Layer{Values: []settings.Value{{Path: codeLength, HOCON: "5"}}, Drivers: map[string]int{"a": 1}}}); err != nil {
		t.Fatal(err)
	}
	a.look(2)
	w.refuse.Store(nil)
	a.look(2)
	a.wants(t, 4)
	b.look(1)
	b.wants(t, 5)
	w.seconds.Add(60)
	a.look(1)
	a.wants(t, 5)
}

func TestSettingsThatWaitForARestart(t *testing.T) {
	w := newWorld()
	n := w.node(t)
	w.file(4, "blitz.prod.local.idp { server.listen = \"127.0.0.1:9\", ops.listen = \"127.0.0.1:8\", log.level = debug, store.url = \"sqlite:x.db\", server.limits.body = 70 KiB }")
	n.look(3)
	if want := []string{"server.listen", "ops.listen", "store.url", "log"}; !slices.Equal(n.Waiting(), want) || !strings.Contains(n.log.String(), "next start") {
		t.Errorf("%v, %s", n.Waiting(), n.log)
	}
	w.file(4)
	n.look(3)
	if len(n.Waiting()) != 0 {
		t.Errorf("%v", n.Waiting())
	}
}

func TestNothingIsLeftOverAfterManyReloads(t *testing.T) {
	w := newWorld()
	n := w.node(t)
	before := runtime.NumGoroutine()
	answers := make(chan string, 64)
	for i := range 200 {
		go func() { answers <- n.get("/") }()
		w.file(4 + i%4)
		n.hup <- os.Interrupt
		if got := <-answers; !strings.HasSuffix(got, "false") {
			t.Errorf("answered by a closed one: %s", got)
		}
	}
	n.ticked()
	for range 200 {
		<-w.ended
	}
	for w.closed.Load() < 200 {
		runtime.Gosched()
	}
	for runtime.NumGoroutine() > before {
		runtime.Gosched()
	}
	if made := w.made.Load(); made != 201 {
		t.Errorf("%d were made", made)
	}
}

func TestBackgroundWorkThatFailsEndsTheHost(t *testing.T) {
	w := newWorld()
	w.failure = errors.New("out of order")
	h, err := w.start(t, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx, nil, nil) }()
	<-w.began
	if _, err := h.Check(t.Context(), settings.Layer{}); err != nil {
		t.Error(err)
	}
	stop()
	if err := <-ended; err == nil {
		t.Error("the failure isn't told")
	}
	rec := httptest.NewRecorder()
	h.Handler().ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	if rec.Code != http.StatusServiceUnavailable || rec.Header().Get("Retry-After") == "" || w.closed.Load() != 2 {
		t.Errorf("after its end it answers %d; %d were closed", rec.Code, w.closed.Load())
	}
}
