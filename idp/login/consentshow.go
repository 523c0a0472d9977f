package login

import (
	"net/url"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/consent"
	"github.com/ringtail-id/ringtail/templates"
)

// ConsentTwin is the consent page in JSON.
type ConsentTwin struct {
	// For is to be posted back with action=allow: the answer counts for what is
	// shown here and for nothing else.
	For string `json:"for"`
	// Client is what the application is called, with its addresses, https all.
	Client  string `json:"client"`
	Logo    string `json:"logo_uri,omitempty"`
	Website string `json:"client_uri,omitempty"`
	Policy  string `json:"policy_uri,omitempty"`
	Terms   string `json:"tos_uri,omitempty"`
	// Unchecked: the application registered by itself.
	Unchecked bool   `json:"unchecked,omitempty"`
	UserCode  string `json:"user_code,omitempty"`
	// Items are to be allowed together. Before are titles of what was allowed before.
	Items  []ConsentItemTwin `json:"items"`
	Before []string          `json:"before,omitempty"`
}

// ConsentItemTwin is one item of it.
type ConsentItemTwin struct {
	Kind        string             `json:"kind"` // scope or claim
	Name        string             `json:"name"`
	Title       string             `json:"title"`
	Description string             `json:"description,omitempty"`
	Values      []ConsentValueTwin `json:"values,omitempty"`
}

// ConsentValueTwin is what a claim would say of the person now.
type ConsentValueTwin struct {
	Claim string `json:"claim"`
	Label string `json:"label"`
	Text  string `json:"text"`
}

// consentTwin is nil where the step is another one.
func (h *Handler) consentTwin(x *exchange) *ConsentTwin {
	if x.Step.Kind != Consent {
		return nil
	}
	items, before := x.decide()
	twin := &ConsentTwin{
		For: h.consentProof(x), Client: x.Client.DisplayName(), Logo: x.logo(), Website: link(x.Client.ClientURI),
		Policy: link(x.Client.PolicyURI), Terms: link(x.Client.TOSURI), Unchecked: x.unchecked(),
		UserCode: x.Login.Request.UserCode, Items: []ConsentItemTwin{}, Before: h.titles(x, before),
	}
	for _, item := range items {
		shown := ConsentItemTwin{
			Kind: string(item.Kind), Name: item.Name,
			Title: h.words.Title(item, x.lang), Description: h.words.Description(item, x.lang),
		}
		for _, v := range h.words.Values(x.User, item, x.lang) {
			shown.Values = append(shown.Values, ConsentValueTwin(v))
		}
		twin.Items = append(twin.Items, shown)
	}
	return twin
}

// consentPage is the same for people.
func (h *Handler) consentPage(x *exchange) *templates.Consent {
	twin := h.consentTwin(x)
	if twin == nil {
		return nil
	}
	page := &templates.Consent{
		Proof: twin.For, Logo: twin.Logo, Website: twin.Website, Policy: twin.Policy, Terms: twin.Terms,
		Unchecked: twin.Unchecked, Host: host(x.Login.Request.RedirectURI), UserCode: twin.UserCode, Before: twin.Before,
	}
	for _, item := range twin.Items {
		shown := templates.ConsentItem{Name: item.Name, Title: item.Title, Description: item.Description}
		for _, v := range item.Values {
			shown.Values = append(shown.Values, templates.ConsentValue{Label: v.Label, Text: v.Text})
		}
		page.Items = append(page.Items, shown)
	}
	return page
}

// decide parts what is asked for into what has to be allowed now and what was
// allowed before. Who is asked whatever they allowed decides on all of it.
func (x *exchange) decide() (items, before []consent.Item) {
	items = consent.New(x.Asked, x.Given)
	request := &x.Login.Request
	if len(items) == 0 || len(x.Given) == 0 || request.Device != "" || request.Prompts(idp.PromptConsent) {
		return x.Asked, nil
	}
	return items, consent.New(x.Asked, items)
}

func (h *Handler) titles(x *exchange, items []consent.Item) []string {
	var titles []string
	for _, item := range items {
		titles = append(titles, h.words.Title(item, x.lang))
	}
	return titles
}

// unchecked says whether nobody looked at the client's registration. What it says
// of itself may be made to look like somebody else (RFC 7591, section 5).
func (x *exchange) unchecked() bool { return x.Client.RegistrationHash != "" }

// logo is the application's image, unless nobody looked at it.
func (x *exchange) logo() string {
	if x.unchecked() {
		return ""
	}
	return link(x.Client.LogoURI)
}

// link is the address where it is https and nothing in it can mislead, empty
// otherwise.
func link(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	return u.String()
}

// host is where the application is answered: its host, or the scheme of an app.
func host(redirect string) string {
	u, err := url.Parse(redirect)
	if err != nil || u.Host != "" {
		return u.Host
	}
	return u.Scheme
}
