package conf

// Key is one setting or section of the reference.
type Key struct {
	Path    string // below blitz.prod.local.idp, with ID, DRIVER, NAME and so on where the file chooses a name
	Section bool   // an object that holds further keys
	Type    string // what may be written: "a whole number, 3 to 8"
	Default string // as HOCON; empty where there is none
	Meaning string // the comment of blitz.conf without its last line, which is Type and Default

	comment string // the whole comment
	line    int    // in the default with its examples taken in
}
