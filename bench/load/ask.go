package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// maxAnswer bounds what is read of an answer.
const maxAnswer = 1 << 20

// ask sends a request and decodes a JSON answer into out. Any other answer than
// 200 is an error.
func (c *Client) ask(r *http.Request, out any) error {
	res, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return err
	}
	if err := refused(res); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s: %.300s", r.URL.Path, res.Status, body)
	}
	if kind, _, err := mime.ParseMediaType(res.Header.Get("Content-Type")); err != nil || !strings.HasSuffix(kind, "json") {
		return fmt.Errorf("%s answered with the type %q", r.URL.Path, res.Header.Get("Content-Type"))
	}
	if err := json.Unmarshal(body, out); err != nil {
		return fmt.Errorf("%s: %w", r.URL.Path, err)
	}
	return nil
}

func (c *Client) get(ctx context.Context, address, bearer string, out any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	if bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	return c.ask(r, out)
}

// post sends a form as the client.
func (c *Client) post(ctx context.Context, address string, form url.Values, out any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(url.QueryEscape(c.target.ClientID), url.QueryEscape(c.target.ClientSecret))
	return c.ask(r, out)
}

// errRefused is an answer of a server that has too much to do now.
var errRefused = errors.New("the server has too much to do")

// refused tells such an answer: 429 or 503.
func refused(res *http.Response) error {
	busy := res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusServiceUnavailable
	if !busy {
		return nil
	}
	return fmt.Errorf("%s answered %s: %w", res.Request.URL.Path, res.Status, errRefused)
}
