package drivers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/loops"
	loopdrivers "github.com/ringtail-id/ringtail/loops/drivers"
)

// Language is what a script is written in.
type Language string

// The languages.
const (
	JavaScript Language = "js"
	Java       Language = "java"
)

// Valid says whether there is such a language.
func (l Language) Valid() bool { return l == JavaScript || l == Java }

// file is the name that a script of the language has in a driver's folder.
func (l Language) file() string { return "driver." + string(l) }

// Script is what a driver consists of.
type Script struct {
	Language Language   `json:"language"`
	Source   string     `json:"source"`
	Manifest string     `json:"manifest"` // the text of driver.conf
	Cases    []CaseFile `json:"cases"`    // sorted by name; never nil where it was read
}

// CaseFile is one case; see loops/trial.Case.
type CaseFile struct {
	Name string `json:"name"` // of the file, without .json
	Text string `json:"text"`
}

// Digest names exactly this script: lower-case hex of SHA-256 over all of its parts.
func (s Script) Digest() string {
	if s.Cases == nil {
		s.Cases = []CaseFile{}
	}
	text, _ := json.Marshal(s) // texts alone: it can always be written
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// ordered sorts the cases.
func (s Script) ordered() Script {
	s.Cases = append([]CaseFile{}, s.Cases...)
	slices.SortFunc(s.Cases, func(a, b CaseFile) int { return strings.Compare(a.Name, b.Name) })
	return s
}

// driver reads the script's manifest. where is how messages name the script's folder. With an error the driver is given
// all the same, with what could be read.
func (s Script) driver(name, where string) (*loops.Driver, error) {
	manifest, err := loopdrivers.ParseManifest(where+"/driver.conf", []byte(s.Manifest))
	return &loops.Driver{Name: name, File: where + "/" + s.Language.file(), Source: s.Source, Manifest: manifest}, err
}

// Draft is the one script of a driver that is being worked on.
type Draft struct {
	Driver string
	Script
	Base      int    // the version that it began from; 0: none
	Edition   int    // one more with each save; no two drafts of a driver have the same
	AuthorID  string // who saved it last
	Author    string // likewise, for people
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Version is a script that never changes any more.
type Version struct {
	Driver string
	Number int // from 1
	Script
	Base     int // the version that its draft began from; 0: none
	AuthorID string
	Author   string // who made it a version, for people
	Comment  string
	At       time.Time
}

// AsDriver gives the version as nodes serve it. Messages name its script as NAME@NUMBER/driver.js.
func (v *Version) AsDriver() (*loops.Driver, error) {
	return v.driver(v.Driver, fmt.Sprintf("%s@%d", v.Driver, v.Number))
}

// Request asks a second administrator to publish a version.
type Request struct {
	Driver    string
	Number    int
	Digest    string // of the version
	Published int    // the version that was published when it was asked for; 0: none
	ByID, By  string
	Comment   string
	At        time.Time
}

// Release says that a version was let serve. A version without one never was.
type Release struct {
	Driver      string
	Number      int
	By          string // who published it, for people
	ConfirmedBy string // the second administrator; empty where none was needed
	At          time.Time
}

// Trial is the record of one trial. It holds no code, no secret and no whole number.
type Trial struct {
	ID       string
	Driver   string
	Kind     string // see TrialOrder
	By       string
	At       time.Time
	Digest   string // of the script that was tried
	Entry    string
	Outcome  string // ok, error or refused
	Detail   string // the word of an error, the reason of a refusal
	Provider string // of a stand-in
	Fault    string // likewise
	Phone    string // masked, of a call
	Millis   int64
}

// ErrEdited says that somebody saved or dropped the draft meanwhile, or decided about the request.
var ErrEdited = errors.New("somebody changed it meanwhile")

// Drafts is where drafts rest.
type Drafts interface {
	// DraftOf gives a driver's draft; idp.ErrNotFound where there is none.
	DraftOf(ctx context.Context, driver string) (*Draft, error)
	// Drafts gives all, sorted by driver.
	Drafts(ctx context.Context) ([]*Draft, error)
	// SaveDraft stores d as the edition after the one that its writer saw, 0 for none; ErrEdited where another is there.
	SaveDraft(ctx context.Context, d *Draft, seen int) error
	// DropDraft deletes that edition; ErrEdited where another is there, or none.
	DropDraft(ctx context.Context, driver string, edition int) error
}

// Versions is where versions and their releases rest.
type Versions interface {
	// DriverVersion gives a version; idp.ErrNotFound.
	DriverVersion(ctx context.Context, driver string, number int) (*Version, error)
	// DriverVersions gives up to limit versions of a driver, the newest first; driver empty: of each driver the newest.
	DriverVersions(ctx context.Context, driver string, limit int) ([]*Version, error)
	// SealDraft makes the draft a version, with the next number, and ends the draft; ErrEdited where the draft has another
	// edition or digest, or isn't there. Script and Base are those of the draft, whatever v says.
	SealDraft(ctx context.Context, v *Version, edition int, digest string) (*Version, error)
	// AddRelease notes that a version may serve. A second one of the same version changes nothing.
	AddRelease(ctx context.Context, r Release) error
	// Releases of a driver, the newest version first.
	Releases(ctx context.Context, driver string) ([]Release, error)
}

// Requests is where publications wait for a second administrator, one a driver.
type Requests interface {
	// PutRequest stores it in the place of an older one.
	PutRequest(ctx context.Context, r Request) error
	// RequestOf gives a driver's; idp.ErrNotFound.
	RequestOf(ctx context.Context, driver string) (*Request, error)
	// Requests gives all, sorted by driver.
	Requests(ctx context.Context) ([]*Request, error)
	// TakeRequest deletes exactly this one: of many who call, one gets nil and the others ErrEdited.
	TakeRequest(ctx context.Context, r Request) error
}

// Trials is where the log of trials rests, and what trials may still cost.
type Trials interface {
	// AddTrial stores it and forgets all but the newest keep of its driver.
	AddTrial(ctx context.Context, t Trial, keep int) error
	// TrialsOf gives a driver's, the newest first.
	TrialsOf(ctx context.Context, driver string) ([]Trial, error)
	// ChargeTrial counts all charges in one statement, or none of them: an *otp.OverError.
	ChargeTrial(ctx context.Context, charges []otp.Charge, now time.Time) error
}

// Records is all that rests.
type Records interface {
	Drafts
	Versions
	Requests
	Trials
}
