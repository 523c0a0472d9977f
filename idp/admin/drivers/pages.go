package drivers

import (
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/loops/trial"
	"github.com/ringtail-id/ringtail/templates/console"
)

// This file has what the templates of console/pages/drivers see as .Data; the field names of the forms stand beside the
// handlers that read them.

// May says what the actor may do here; false for all that changes where the console is read only or a file manages the driver.
type May struct{ Edit, Trial, Secrets, Publish bool }

// About is what every page of one driver shows.
type About struct {
	Driver *Driver
	Tabs   []console.Tab // Script, Trial, Cases, Versions, Secrets
	May    May
}

// listPage is drivers/list.
type listPage struct {
	Drivers []Listing
	Faults  []string // of the folder
	May     May
}

// newPage is drivers/new.
type newPage struct {
	Name    string
	Origins []console.Option // ready:NAME, js or java
}

// showPage is drivers/show.
type showPage struct {
	About
	Script    Script // the draft, else what serves, else the newest version
	Edition   int    // of the draft; 0: there is no draft, the script is shown read only
	Base      int
	Languages []console.Option
	Problems  []Problem
	Saved     *Draft // nil: there is no draft
}

// AnswerField is one answer of a trial by hand.
type AnswerField struct{ Status, Body string }

// trialPage is drivers/trial.
type trialPage struct {
	About
	Of        []console.Option // draft, ready, file, or a version's number: which script is tried
	Kind      string           // answers, stand-in or call
	Entries   []console.Option
	Input     string // JSON
	Secrets   string // made-up ones as JSON, as they were typed: the field "secrets"
	Answers   []AnswerField
	Providers []console.Option
	Faults    []console.Option // "" is none
	Phone     string
	MayCall   bool
	CallsLeft string // in words: the limits of calls
	Result    *TrialResult
	Steps     []StepView // of the result
	Edition   int        // of the draft that was tried, for the form that keeps a case; 0: nothing to keep
	Trials    []Trial
}

// StepView is one step of a trial: what the script returned, and what came of that.
type StepView struct {
	Turn trial.Turn
	// Returned is the value, state or parameters as JSON; empty where there is none.
	Returned string
	Sent     *trial.StepJSON // nil: it wanted no request
	Body     string          // of the answer
	Memory   string          // in words; empty where it wasn't measured
	Time     string          // in words
}

// casesPage is drivers/cases.
type casesPage struct {
	About
	Cases      []CaseFile
	Results    []trial.CaseResult // nil: not run
	Edition    int
	Name, Text string // what was typed and couldn't be taken
}

// versionsPage is drivers/versions.
type versionsPage struct{ About }

// versionPage is drivers/version.
type versionPage struct {
	About
	Version *Version
	Release *Release // nil: it was never let serve
	Serving bool
	Digest  string
}

// diffPage is drivers/diff.
type diffPage struct {
	About
	From, To string
	Sides    []console.Option
	Parts    []DiffPart
}

// publishPage is drivers/publish.
type publishPage struct {
	About
	Edition     int
	Base        int // the version that served when the page was made: the field "base"
	Digest      string
	Problems    []Problem
	Cases       []trial.CaseResult
	Parts       []DiffPart // against what serves
	Hosts       []string   // that it reaches and that what serves doesn't
	HostsGone   []string
	Missing     []string // secrets that it wants and nobody gave
	Code        string   // see Review
	Comment     string
	Second      bool // a second administrator is needed
	Publishable bool
}

// requestPage is drivers/request.
type requestPage struct {
	About
	Request   *Request
	Version   *Version
	Parts     []DiffPart
	Hosts     []string
	HostsGone []string
	Missing   []string
	Code      string
	Own       bool // the actor asked for it, so somebody else must confirm
	Base      int
}

// rollbackPage is drivers/rollback.
type rollbackPage struct {
	About
	To      int // 0: back to the ready driver
	Comment string
	Base    int // the version that served when the page was made
	Parts   []DiffPart
}

// secretsPage is drivers/secrets.
type secretsPage struct {
	About
	Secrets []SecretState
}

// may says what the actor may do with a driver, nil for a new one.
func (s *Section) may(a *admin.Actor, d *Driver) May {
	if s.readOnly || d != nil && d.Managed {
		// A file's driver may be tried, and its secrets are in the store all the same.
		return May{Trial: !s.readOnly && a.May(admin.DriversTrial), Secrets: !s.readOnly && a.May(admin.DriversSecrets)}
	}
	return May{
		Edit: a.May(admin.DriversEdit), Trial: a.May(admin.DriversTrial), Secrets: a.May(admin.DriversSecrets), Publish: a.May(admin.DriversPublish),
	}
}
