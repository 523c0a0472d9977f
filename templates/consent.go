package templates

// Consent is what an application asks a person for. Addresses are https, or
// empty where there is none.
type Consent struct {
	// Proof ties the answer to what the page shows.
	Proof string
	// Logo is an image from the application's own site.
	Logo string
	// Links of the application: its site, its privacy policy, its terms.
	Website, Policy, Terms string
	// Unchecked says that the application registered by itself.
	Unchecked bool
	// Host is where the application is answered.
	Host string
	// UserCode is the code on the screen of the device that the person signs in to;
	// empty where it is none.
	UserCode string
	// Items that are to be allowed now, all or none.
	Items []ConsentItem
	// Before are the titles of items that were allowed before.
	Before []string
}

// ConsentItem is one thing that an application asks for.
type ConsentItem struct {
	// Name of the scope or claim.
	Name string
	// Title and Description in words; there may be no description.
	Title, Description string
	// Values are what the application would get to know now.
	Values []ConsentValue
}

// ConsentValue is a claim in words.
type ConsentValue struct{ Label, Text string }
