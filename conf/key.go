package conf

// Key is one setting or section of the reference.
type Key struct {
	Path    string // below blitz.prod.local.idp, with ID, DRIVER, NAME and so on where the file chooses a name
	Section bool   // an object that holds further keys
	Type    string // what may be written: "a whole number, 3 to 8"
	Default string // as HOCON; empty where there is none
	Meaning string // the comment of blitz.conf without its last line, which is Type and Default
	Ask     Ask    // how a form asks for it

	comment string // the whole comment
	line    int    // in the default with its examples taken in
}

// Form is the sort of input that asks for a value.
type Form string

// The forms. FormText serves for whatever is none of the others: names, addresses,
// times and sizes with their unit, hours of the day.
const (
	FormText   Form = "text"
	FormNumber Form = "number" // whole
	FormSwitch Form = "switch" // true or false
	FormChoice Form = "choice" // one of Choices
	FormList   Form = "list"   // of texts, in order
	FormRoutes Form = "routes" // the chain of routes
	FormLists  Form = "lists"  // login.factors
	FormSecret Form = "secret" // written, never shown
)

// Ask is what a form needs to know of a setting beside its meaning. Whether a value
// is right is still the decoder's to say.
type Ask struct {
	Form        Form
	Null        bool     // null may be written, for none
	Least, Most int64    // of a number, as written
	Unit        string   // of a number: seconds, milliseconds, minutes; else empty
	Choices     []string // of a choice, and of a list's members where they are words of a closed list
}
