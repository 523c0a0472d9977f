package bundle

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/ringtail-id/ringtail/idp/admin"
)

// Apply brings the provider from what it has to what the folder says, and tells what
// it did, line by line. Drivers come first, for settings may name them; the settings
// are one revision. What has been done before it fails stays done, and Apply can be
// called again.
func (c *Client) Apply(ctx context.Context, has *State, wants *Bundle, comment string, told func(string)) error {
	var settings []Change
	for _, change := range Diff(&has.Bundle, wants) {
		name, driver := strings.CutPrefix(change.Path, driverPrefix)
		if !driver {
			settings = append(settings, change)
			continue
		}
		if change.New == "" {
			continue
		}
		if err := c.publish(ctx, name, wants.Drivers[name], has.versions[name], comment, told); err != nil {
			return fmt.Errorf("publishing the driver %s: %w", name, err)
		}
	}
	if err := c.save(ctx, has, settings, comment, told); err != nil {
		return err
	}
	for name, version := range has.versions {
		if _, stays := wants.Drivers[name]; wants.Drivers != nil && !stays {
			if err := c.withdraw(ctx, name, version, comment, told); err != nil {
				return fmt.Errorf("withdrawing the driver %s: %w", name, err)
			}
		}
	}
	return nil
}

// save saves the settings as one revision.
func (c *Client) save(ctx context.Context, has *State, changes []Change, comment string, told func(string)) error {
	if len(changes) == 0 {
		return nil
	}
	set, unset, paths := map[string]json.RawMessage{}, []string{}, []string{}
	for _, change := range changes {
		paths = append(paths, change.Path)
		if change.New == "" {
			unset = append(unset, change.Path)
			continue
		}
		set[change.Path] = json.RawMessage(change.New)
	}
	body := map[string]any{"set": set, "unset": unset, "comment": comment}
	var saved struct {
		Revision int `json:"revision"`
	}
	q := request{method: http.MethodPatch, path: "/settings/saved", ifMatch: has.etag, body: body, rights: rightsFor(paths)}
	if _, err := c.do(ctx, q, &saved); err != nil {
		return err
	}
	for _, change := range changes {
		told(change.String())
	}
	told(fmt.Sprintf("saved as revision %d", saved.Revision))
	return nil
}

// publish makes the driver a draft and publishes that. A draft of somebody else is
// left alone.
func (c *Client) publish(ctx context.Context, name string, d Driver, published int, comment string, told func(string)) error {
	at := "/drivers/" + url.PathEscape(name)
	var draft struct {
		scriptJSON
		Edition int    `json:"edition"`
		Digest  string `json:"digest"`
		Author  string `json:"author"`
	}
	etag, err := c.do(ctx, request{method: http.MethodGet, path: at + "/draft", rights: []admin.Right{admin.DriversView}}, &draft)
	switch {
	case unknown(err):
	case err != nil:
		return err
	case !draft.driver().equal(d):
		return fmt.Errorf("there is a draft of %s that says something else; publish or drop it first", draft.Author)
	}
	if draft.Edition == 0 {
		body := struct {
			scriptJSON
			Base int `json:"base"`
		}{d.script(), published}
		q := request{method: http.MethodPut, path: at + "/draft", ifMatch: etag, body: body, rights: []admin.Right{admin.DriversEdit}}
		if _, err := c.do(ctx, q, &draft); err != nil {
			return err
		}
	}
	order := map[string]any{"edition": draft.Edition, "digest": draft.Digest, "published": published, "comment": orSay(comment, "from version control")}
	var done struct {
		Version  int    `json:"version"`
		Revision int    `json:"revision"`
		Warning  string `json:"warning"`
	}
	if _, err := c.do(ctx, request{method: http.MethodPost, path: at + "/publish", body: order, rights: []admin.Right{admin.DriversPublish}}, &done); err != nil {
		return err
	}
	told(fmt.Sprintf("driver %s published as version %d, revision %d", name, done.Version, done.Revision))
	if done.Warning != "" {
		told("warning: " + done.Warning)
	}
	return nil
}

// withdraw lets no published version of the driver serve.
func (c *Client) withdraw(ctx context.Context, name string, published int, comment string, told func(string)) error {
	body := map[string]any{"to": 0, "published": published, "comment": orSay(comment, "no more in version control")}
	q := request{method: http.MethodPost, path: "/drivers/" + url.PathEscape(name) + "/rollback", body: body, rights: []admin.Right{admin.DriversPublish}}
	if _, err := c.do(ctx, q, nil); err != nil {
		return err
	}
	told(fmt.Sprintf("driver %s withdrawn", name))
	return nil
}

func orSay(comment, otherwise string) string {
	if comment != "" {
		return comment
	}
	return otherwise
}
