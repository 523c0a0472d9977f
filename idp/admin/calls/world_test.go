package calls_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/factors/otp/pool"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/calls"
	"github.com/ringtail-id/ringtail/idp/admin/openapi"
	"github.com/ringtail-id/ringtail/idp/api/apitest"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/settings"
	"github.com/ringtail-id/ringtail/idp/settings/settingstest"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/standin"
	"github.com/ringtail-id/ringtail/templates/console"
)

const (
	base    = "/console"
	apiBase = "/api"
	token   = "phone's token"
)

// world is the section over a real database and the real engine of codes, whose
// routes lead to the stand-in of a provider by HTTP. Its clock stands.
type world struct {
	t          *testing.T
	now        time.Time
	store      *store.Store
	engine     *otp.Engine
	settings   *settings.Service
	trail      *audit.Memory
	service    *calls.Service
	metrics    *calls.Metrics
	section    *calls.Section
	phone      *standin.Phone
	provider   *httptest.Server
	server     *httptest.Server
	client     *http.Client // of the API, held to its description
	actor      *admin.Actor
	pools      []pool.Report
	limits     calls.Limits
	log        bytes.Buffer
	logins     int
	pending    bool // the stand-in takes orders alone
	references map[string]string
}

func newWorld(t *testing.T, changes ...func(*calls.Options)) *world {
	t.Helper()
	w := &world{
		t: t, now: time.Date(2026, 11, 26, 12, 7, 0, 0, time.UTC), references: map[string]string{},
		actor:  &admin.Actor{UserID: "u", Login: "root", Roles: []admin.Role{admin.RoleRoot}, FormToken: "form"},
		limits: calls.Limits{LeastCalls: 10, LowestConfirmation: 20, ConfirmationFall: 50, SpendRise: 3},
	}
	var err error
	w.store, err = store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t), Now: w.clock})
	w.must(err)
	t.Cleanup(func() { w.must(w.store.Close()) })
	w.settings, w.trail = settingstest.NewService(t, conf.Options{Set: []string{"login.methods.flashCall.driver=phone"}})
	w.phone, err = standin.NewPhone(standin.PhoneOptions{Token: token, Now: w.clock, Cost: "0.55", Pending: -1})
	w.must(err)
	w.provider = httptest.NewServer(w.phone)
	t.Cleanup(w.provider.Close)
	w.metrics = calls.NewMetrics()
	w.engine = w.newEngine()
	w.newSection(changes...)
	return w
}

func (w *world) clock() time.Time { return w.now }

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) stops() flashcall.Stops {
	served, _ := w.settings.Served()
	s := served.Login.Methods.FlashCall.Stopped
	stops := flashcall.Stops{Countries: s.Countries, Drivers: s.Drivers}
	for _, c := range s.Channels {
		stops.Channels = append(stops.Channels, loops.Channel(c))
	}
	return stops
}

func (w *world) newEngine() *otp.Engine {
	phone := &loops.Driver{Name: "phone", Manifest: loops.Manifest{CodeOrigin: loops.CodeFromCaller}}
	text := &loops.Driver{Name: "text", Manifest: loops.Manifest{Channel: loops.ChannelSMS, CodeOrigin: loops.CodeFromUs, LeadingZero: true}}
	routes := []flashcall.Route{
		{ID: "1-flashCall-phone", Channel: loops.ChannelFlashCall, Driver: phone, Price: 400_000},
		{ID: "2-sms-text", Channel: loops.ChannelSMS, Driver: text, Price: 3_000_000},
	}
	sender := flashcall.NewSender(flashcall.SenderOptions{
		Runner: w, Routes: func() []flashcall.Route { return routes }, Stops: w.stops, Now: w.clock,
		Message: func(_, code string) string { return "code " + code },
	})
	s := otp.DefaultSettings()
	s.ResendAfter, s.Limits = 0, otp.Limits{Currency: "RUB"}
	engine, err := otp.New(otp.Options{
		Method: flashcall.ID, Store: w.store.Challenges().Telling(w.metrics.Change), Sender: sender, Settings: func() otp.Settings { return s },
		Hash: func(parts ...string) string { return fmt.Sprintf("%x", strings.Join(parts, "|")) }, Now: w.clock, Timing: otp.Timing{Patience: -1},
	})
	w.must(err)
	return engine
}

func (w *world) newSection(changes ...func(*calls.Options)) {
	o := calls.Options{
		Records: w.store, Metrics: w.metrics, Settings: w.settings, Pools: func(context.Context) ([]pool.Report, error) { return w.pools, nil },
		Keep: 30 * 24 * time.Hour, KeepFigures: 400 * 24 * time.Hour, Limits: w.limits, Drivers: []string{"phone", "text"}, Countries: []string{"RU", "DE"},
		Currency: "RUB", SpendDay: 2_000_000_000, Now: w.clock, Log: slog.New(slog.NewTextHandler(&w.log, nil)),
	}
	for _, change := range changes {
		change(&o)
	}
	var err error
	w.service, err = calls.New(o)
	w.must(err)
	v := &view{}
	v.pages, err = console.New(console.Options{Asset: func(name string) string { return "/static/" + name }, URL: v.URL})
	w.must(err)
	w.section = calls.NewSection(w.service, v)
	mux := http.NewServeMux()
	for prefix, routes := range map[string][]admin.Route{base: w.section.Pages(), apiBase: w.section.Endpoints()} {
		for _, route := range routes {
			mux.HandleFunc(route.Method+" "+prefix+route.Path, w.serve(route))
		}
	}
	w.server = httptest.NewServer(mux)
	w.t.Cleanup(w.server.Close)
	text, err := openapi.Join(w.server.URL+apiBase, w.server.URL, w.section)
	w.must(err)
	doc, err := openapi3.NewLoader().LoadFromData(text)
	w.must(err)
	w.client = &http.Client{Transport: apitest.Described(w.t, w.server.URL+apiBase, doc)}
}

// serve answers as the frame does, without its checks.
func (w *world) serve(route admin.Route) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		w.must(r.ParseForm())
		err := route.Serve(rw, r, w.actor)
		var p *idp.Problem
		switch {
		case errors.As(err, &p):
			rw.Header().Set("Content-Type", "application/problem+json")
			rw.WriteHeader(p.HTTPStatus())
			_ = json.NewEncoder(rw).Encode(map[string]any{
				"type": "urn:ringtail:problem:" + p.ID, "title": p.ID, "status": p.HTTPStatus(), "detail": "", "id": p.ID, "field": p.Field,
			})
		case err != nil:
			w.t.Error(err)
			http.Error(rw, err.Error(), http.StatusInternalServerError)
		}
	}
}

// view shows pages in the console's own layout.
type view struct{ pages *console.Renderer }

func (v *view) Show(w http.ResponseWriter, _ *http.Request, a *admin.Actor, p admin.Page) error {
	return v.pages.Render(w, console.Page{Name: p.Name, Title: p.Title, Status: p.Status, Data: p.Data, Token: a.FormToken})
}

func (v *view) Redirect(w http.ResponseWriter, r *http.Request, path, notice string) {
	w.Header().Set("X-Notice", notice)
	http.Redirect(w, r, v.URL(path), http.StatusSeeOther)
}

func (v *view) URL(path string) string { return base + path }

// Run implements loops.Runner: it orders from the stand-in, as the drivers do.
func (w *world) Run(ctx context.Context, job loops.Job) (*loops.Result, error) {
	w.now = w.now.Add(100 * time.Millisecond)
	order := map[string]any{"to": job.Input[loops.InputPhone], "reference": job.Input[loops.InputReference]}
	address := "/calls"
	if job.Driver.Name == "text" {
		address, order["text"] = "/messages", job.Input[loops.InputText]
	}
	if w.pending {
		order["pending"] = true
	}
	body, err := json.Marshal(order)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.provider.URL+address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	var said map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&said); err != nil || resp.StatusCode >= 300 {
		return nil, &loops.Failure{Key: loops.NoFunds}
	}
	value := map[string]any{loops.ValueCallID: said["id"]}
	if cost, ok := said["cost"]; ok {
		value[loops.ValueCost] = cost
	}
	if from, ok := said["from"]; ok && job.Driver.Name == "phone" {
		value[loops.ValueCaller] = from
	}
	if w.pending {
		value[loops.ValuePending] = true
	}
	w.references[fmt.Sprint(said["id"])] = fmt.Sprint(order["reference"])
	return &loops.Result{Value: value}, nil
}

// login asks for a call to the number in a new login, and has it placed.
func (w *world) login(phone, country string) otp.Target {
	w.t.Helper()
	w.logins++
	t := otp.Target{LoginID: fmt.Sprint("login ", w.logins), PersonID: fmt.Sprint("person ", w.logins), Phone: phone, Country: country,
		Operator: flashcall.Operator(phone), RemoteIP: "192.0.2.7"}
	w.must(w.engine.Request(w.t.Context(), t))
	w.work()
	return t
}

// work has done what waits.
func (w *world) work() {
	w.t.Helper()
	for did := true; did; {
		var err error
		did, err = w.engine.Work(w.t.Context())
		w.must(err)
	}
}

// enter types the code of the newest call that rang at the number.
func (w *world) enter(t otp.Target) {
	w.t.Helper()
	w.must(w.engine.Enter(w.t.Context(), otp.Entered{LoginID: t.LoginID, PersonID: t.PersonID, Code: w.rang(t.Phone)[0].From[7:]}))
}

// wrong types wrong codes until there is no try left.
func (w *world) wrong(t otp.Target) {
	w.t.Helper()
	code := []byte(w.rang(t.Phone)[0].From[7:])
	code[0] = '0' + (code[0]-'0'+1)%10
	for range 3 {
		err := w.engine.Enter(w.t.Context(), otp.Entered{LoginID: t.LoginID, PersonID: t.PersonID, Code: string(code)})
		if factors.AsProblem(err) == nil {
			w.t.Fatal("a wrong code was taken: ", err)
		}
	}
}

// rung is a call as the stand-in lists it.
type rung struct {
	ID, From, To, State string
}

// rang are the calls that rang at the number, the newest first.
func (w *world) rang(phone string) (all []rung) {
	w.t.Helper()
	w.list("/api/calls?to="+url.QueryEscape(strings.TrimPrefix(phone, "+")), &all)
	return all
}

func (w *world) list(address string, into any) {
	w.t.Helper()
	resp, err := http.Get(w.provider.URL + address)
	w.must(err)
	defer func() { _ = resp.Body.Close() }()
	w.must(json.NewDecoder(resp.Body).Decode(into))
}

// told is what the metrics tell.
func (w *world) told() string {
	registry := prometheus.NewRegistry()
	registry.MustRegister(w.metrics)
	rec := httptest.NewRecorder()
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return rec.Body.String()
}

// get shows a page.
func (w *world) get(path string) *goquery.Document {
	w.t.Helper()
	doc, status := w.open(path)
	if status != http.StatusOK {
		w.t.Fatalf("%s answers %d: %s", path, status, doc.Text())
	}
	return doc
}

func (w *world) open(path string) (*goquery.Document, int) {
	w.t.Helper()
	resp, err := http.Get(w.server.URL + path)
	w.must(err)
	defer func() { _ = resp.Body.Close() }()
	doc, err := goquery.NewDocumentFromReader(resp.Body)
	w.must(err)
	return doc, resp.StatusCode
}

// cell is what a table of the page has in the row and the column of these names.
func cell(doc *goquery.Document, caption, row, column string) string {
	table := doc.Find("table").FilterFunction(func(_ int, s *goquery.Selection) bool { return s.Find("caption").Text() == caption })
	at := -1
	table.Find("thead th").Each(func(i int, s *goquery.Selection) {
		if s.Text() == column {
			at = i
		}
	})
	return table.Find("tbody tr").FilterFunction(func(_ int, s *goquery.Selection) bool { return s.Find("th").Text() == row }).Find("td").Eq(at - 1).Text()
}

// ask asks the API, and reads its answer into out.
func (w *world) ask(method, path string, body, out any) int {
	w.t.Helper()
	var sent bytes.Buffer
	if body != nil {
		w.must(json.NewEncoder(&sent).Encode(body))
	}
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.server.URL+apiBase+path, &sent)
	w.must(err)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Authorization", "Bearer x")
	resp, err := w.client.Do(r)
	w.must(err)
	defer func() { _ = resp.Body.Close() }()
	w.must(json.NewDecoder(resp.Body).Decode(out))
	return resp.StatusCode
}
