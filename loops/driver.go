package loops

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Entry names what a driver is asked to do. A driver's function has the entry's name.
type Entry string

// The entries of the contract. Only EntryStart must exist in every driver; "run" is its other name, the one that
// Blitz's procedures use.
const (
	EntryStart    Entry = "start"    // place the call
	EntryCheck    Entry = "check"    // ask the provider whether a code is right
	EntryPoll     Entry = "poll"     // ask the provider how a call stands
	EntryCallback Entry = "callback" // read what the provider sent to us
	EntryReport   Entry = "report"   // tell the provider how the login went
	EntryLogin    Entry = "login"    // get the token that tokens.get() gives; the host alone asks for it
)

// Entries gives all entries, in the order of a call's life.
func Entries() []Entry {
	return []Entry{EntryStart, EntryCheck, EntryPoll, EntryCallback, EntryReport, EntryLogin}
}

// Names are the function names that serve the entry, the first that a driver has being taken.
func (e Entry) Names() []string {
	if e == EntryStart {
		return []string{"run", string(EntryStart)}
	}
	return []string{string(e)}
}

// Valid reports whether e is an entry of the contract.
func (e Entry) Valid() bool { return slices.Contains(Entries(), e) }

// Channel is the way by which a driver's provider brings a code to a person.
type Channel string

// The channels. A driver serves one.
const (
	ChannelFlashCall Channel = "flashCall" // the last digits of the number that calls
	ChannelSMS       Channel = "sms"       // a text message
	ChannelVoice     Channel = "voice"     // a voice that reads the code out
)

// Valid reports whether c is one of the channels.
func (c Channel) Valid() bool {
	return c == ChannelFlashCall || c == ChannelSMS || c == ChannelVoice
}

// CodeOrigin says who chooses the code of a challenge.
type CodeOrigin string

// Who chooses the code. The start entry's input holds "code" only for CodeFromUs; its Ok value holds "code" for
// CodeFromProvider and "caller" or "code" for CodeFromCaller.
const (
	CodeFromUs       CodeOrigin = "we"       // Ringtail draws the code and the provider calls from a number that ends in it
	CodeFromProvider CodeOrigin = "provider" // the provider draws the code and tells it
	CodeFromCaller   CodeOrigin = "caller"   // the provider tells the number it calls from; its last digits are the code
	CodeFromCheck    CodeOrigin = "check"    // the provider keeps the code to itself and checks what the user typed
)

// Valid reports whether o is one of the four origins.
func (o CodeOrigin) Valid() bool {
	return slices.Contains([]CodeOrigin{CodeFromUs, CodeFromProvider, CodeFromCaller, CodeFromCheck}, o)
}

// Manifest is what a driver declares about itself. It is read from driver.conf beside the script, and nothing that
// the script does at run time widens it.
type Manifest struct {
	Title       string        // the provider's name for people, 1 to 80 characters
	Channel     Channel       // how the code reaches the person; empty means ChannelFlashCall
	Page        string        // address of the provider's page that the driver was written from; may be empty
	Written     time.Time     // the day on which the driver was written from Page, in UTC; zero where it isn't told
	Caution     string        // what an administrator must know before using the driver, at most 400 characters; may be empty
	Hosts       []string      // hosts that the driver may reach, see ValidHost
	Secrets     []string      // names of the secrets that the driver reads as secrets.NAME
	CodeOrigin  CodeOrigin    // who chooses the code
	CodeLengths []int         // code lengths that the provider can do, each 3 to 8; empty means any
	LeadingZero bool          // whether a code may begin with 0
	Timeout     time.Duration // for one request, 100 ms at least; 0 means the limit of the settings, which is also the most
}

// minTimeout catches a number without a unit, which HOCON takes for milliseconds.
const minTimeout = 100 * time.Millisecond

// hostPattern is the form of an entry in Manifest.Hosts: a lower-case host name, optionally with one leading "*."
// label, and optionally a port. Without a port only the scheme's own port is reachable; ":*" stands for any port.
var hostPattern = regexp.MustCompile(`^(\*\.)?[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?(:([0-9]{1,5}|\*))?$`)

var (
	secretName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,39}$`)
	driverName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
)

// ValidName reports whether a driver may have this name: lower-case letters, digits and single hyphens, beginning with
// a letter, at most 40 characters. A name is a folder's name too, so nothing that could leave the folder is possible.
func ValidName(name string) bool { return len(name) <= 40 && driverName.MatchString(name) }

// ValidSecretName reports whether a secret may have this name: letters, digits and _, beginning with a letter, at most 40.
func ValidSecretName(name string) bool { return secretName.MatchString(name) }

// ValidHost reports whether h can stand in Manifest.Hosts.
func ValidHost(h string) bool { return hostPattern.MatchString(h) && !strings.Contains(h, "..") }

// Validate returns every fault of the manifest, joined, each as "key: what is wrong".
func (m Manifest) Validate() error {
	var faults []error
	add := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if m.Title == "" || len([]rune(m.Title)) > 80 {
		add("title: write the provider's name, 1 to 80 characters")
	}
	if m.Channel != "" && !m.Channel.Valid() {
		add("channel: %q is not one of flashCall, sms, voice", m.Channel)
	}
	if len([]rune(m.Caution)) > 400 {
		add("caution: at most 400 characters")
	}
	for _, h := range m.Hosts {
		if !ValidHost(h) {
			add("hosts: %q is not a host; write it like api.provider.example, *.provider.example or api.provider.example:8443", h)
		}
	}
	if m.Page != "" && !strings.HasPrefix(m.Page, "https://") && !strings.HasPrefix(m.Page, "http://") {
		add("page: %.80q is not an address; write it like https://docs.provider.example/calls", m.Page)
	}
	for i, s := range m.Secrets {
		if slices.Contains(m.Secrets[:i], s) {
			add("secrets: %s stands there twice", s)
		}
		if !ValidSecretName(s) {
			add("secrets: %q is not a name; use letters, digits and _, beginning with a letter", s)
		}
	}
	if !m.CodeOrigin.Valid() {
		add("code.origin: %q is not one of we, provider, caller, check", m.CodeOrigin)
	}
	for _, n := range m.CodeLengths {
		if n < 3 || n > 8 {
			add("code.lengths: %d is outside 3 to 8", n)
		}
	}
	if m.Timeout != 0 && m.Timeout < minTimeout {
		add("timeout: %v is less than %v; write it with its unit, like 10s", m.Timeout, minTimeout)
	}
	return errors.Join(faults...)
}

// Driver is a script with its manifest. It is never changed once made and may be shared.
type Driver struct {
	Name     string   // see ValidName
	File     string   // how errors name the script, as FILE:LINE:COL
	Source   string   // the script
	Manifest Manifest // what it declares
	// Bare says that there was no driver.conf: the driver may then reach no host, and takes every secret that it is given.
	// Only a trial runs such a driver.
	Bare bool
}

// Takes reports whether the driver may be given the secret with this name.
func (d *Driver) Takes(secret string) bool {
	return d.Bare || slices.Contains(d.Manifest.Secrets, secret)
}
