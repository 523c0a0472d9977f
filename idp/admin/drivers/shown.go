package drivers

import (
	"time"

	"github.com/ringtail-id/ringtail/idp/api"
	"github.com/ringtail-id/ringtail/loops"
)

// This file has drivers as answers of the API tell them.

type listed struct {
	Name      string        `json:"name"`
	Title     string        `json:"title"`
	Channel   loops.Channel `json:"channel"`
	Source    Source        `json:"source"`
	Published int           `json:"published"`
	Newest    int           `json:"newest"`
	Draft     bool          `json:"draft"`
	Waiting   bool          `json:"waiting"`
	Routes    []int         `json:"routes"`
}

func asListed(l Listing) listed {
	return listed{
		Name: l.Name, Title: l.Title, Channel: l.Channel, Source: l.Source, Published: l.Published, Newest: l.Newest, Draft: l.Draft != nil,
		Waiting: l.Request != nil, Routes: append([]int{}, l.Routes...),
	}
}

type detailed struct {
	listed
	Versions []summed `json:"versions"`
	Trials   []tried  `json:"trials"`
}

type summed struct {
	Number      int       `json:"number"`
	Author      string    `json:"author"`
	At          time.Time `json:"at"`
	Comment     string    `json:"comment"`
	Digest      string    `json:"digest"`
	Released    bool      `json:"released"`
	ReleasedBy  string    `json:"released_by,omitempty"`
	ConfirmedBy string    `json:"confirmed_by,omitempty"`
}

type tried struct {
	Kind    string    `json:"kind"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	Entry   string    `json:"entry"`
	Outcome string    `json:"outcome"`
	Detail  string    `json:"detail,omitempty"`
	Phone   string    `json:"phone,omitempty"`
	Digest  string    `json:"digest"`
	Millis  int64     `json:"millis"`
}

func asDetailed(d *Driver) detailed {
	out := detailed{listed: asListed(d.Listing), Versions: []summed{}, Trials: []tried{}}
	for _, v := range d.Versions {
		r, is := d.Releases[v.Number]
		out.Versions = append(out.Versions, summed{
			Number: v.Number, Author: v.Author, At: api.Time(v.At), Comment: v.Comment, Digest: v.Digest(), Released: is, ReleasedBy: r.By, ConfirmedBy: r.ConfirmedBy,
		})
	}
	for _, t := range d.Trials {
		out.Trials = append(out.Trials, tried{
			Kind: t.Kind, By: t.By, At: api.Time(t.At), Entry: t.Entry, Outcome: t.Outcome, Detail: t.Detail, Phone: t.Phone, Digest: t.Digest, Millis: t.Millis,
		})
	}
	return out
}

type drafted struct {
	Script
	Base      int       `json:"base"`
	Edition   int       `json:"edition"`
	Digest    string    `json:"digest"`
	Author    string    `json:"author"`
	UpdatedAt time.Time `json:"updated_at"`
}

func asDrafted(d *Draft) drafted {
	return drafted{Script: d.Script, Base: d.Base, Edition: d.Edition, Digest: d.Digest(), Author: d.Author, UpdatedAt: api.Time(d.UpdatedAt)}
}

type versioned struct {
	Script
	Number  int       `json:"number"`
	Base    int       `json:"base"`
	Digest  string    `json:"digest"`
	Author  string    `json:"author"`
	Comment string    `json:"comment"`
	At      time.Time `json:"at"`
}

func asVersioned(v *Version) versioned {
	return versioned{Script: v.Script, Number: v.Number, Base: v.Base, Digest: v.Digest(), Author: v.Author, Comment: v.Comment, At: api.Time(v.At)}
}

type publishedAs struct {
	Version  int    `json:"version"`
	Waiting  bool   `json:"waiting"`
	Revision int    `json:"revision"`
	Warning  string `json:"warning,omitempty"`
}

func asPublished(p *Published) publishedAs {
	return publishedAs{Version: p.Version.Number, Waiting: p.Waiting, Revision: p.Revision, Warning: p.Warning}
}
