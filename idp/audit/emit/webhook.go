package emit

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
)

// Webhook posts batches as JSON, signed as Standard Webhooks 1.0 has it:
// webhook-id, webhook-timestamp (seconds) and webhook-signature, "v1," followed by
// the base64 of an HMAC-SHA-256 over "ID.TIMESTAMP.BODY". Only a 2xx means that the
// batch was taken; redirects aren't followed.
type Webhook struct {
	client *egress.Client
	now    func() time.Time
}

var _ Sender = (*Webhook)(nil)

// Limits of one request.
const (
	maxWebhook     = 1 << 20 // bytes of the body
	maxAnswer      = 16 << 10
	webhookConnect = 5 * time.Second
	webhookReply   = 15 * time.Second
)

// NewWebhook holds addresses to the rules of loops/egress: public ones over https,
// and what o allows beyond.
func NewWebhook(o egress.Options, now func() time.Time) *Webhook {
	o.Limits = loops.DefaultLimits()
	o.Limits.Request, o.Limits.Answer, o.Limits.Connect, o.Limits.Reply = maxWebhook, maxAnswer, webhookConnect, webhookReply
	return &Webhook{client: egress.New(o), now: now}
}

// Send implements Sender.
func (w *Webhook) Send(ctx context.Context, e Emitter, rows []audit.Row) error {
	own, err := egress.Only("webhook", e.URL)
	if err != nil {
		return err
	}
	at, body := w.now(), batch(rows)
	id := fmt.Sprintf("audit-%d-%d", rows[0].Seq, rows[len(rows)-1].Seq)
	answer, err := w.client.Exchange(ctx, own, loops.Request{
		Method: http.MethodPost, URL: e.URL, Body: string(body), At: "audit.emitters." + e.Name, Header: http.Header{
			"Content-Type": {"application/json"}, "User-Agent": {"Ringtail-Audit"}, "Webhook-Id": {id},
			"Webhook-Timestamp": {strconv.FormatInt(at.Unix(), 10)}, "Webhook-Signature": {Signature(e.Secret, id, at, body)},
		},
	})
	if err != nil {
		return egress.Explain(err)
	}
	if answer.Status < 200 || answer.Status > 299 {
		return fmt.Errorf("the receiver answered %d", answer.Status)
	}
	return nil
}

// batch is the body: an event of Standard Webhooks with the records as its data.
func batch(rows []audit.Row) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"type":"audit.records","timestamp":%q,"data":{"records":[`, rows[len(rows)-1].At.UTC().Format(time.RFC3339Nano))
	for i, row := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(row.JSON())
	}
	b.WriteString(`]}}`)
	return b.Bytes()
}

// Signature is the value of webhook-signature. A secret that begins with "whsec_"
// is the base64 of the key; any other is the key itself.
func Signature(secret, id string, at time.Time, body []byte) string {
	key := []byte(secret)
	if encoded, ok := strings.CutPrefix(secret, "whsec_"); ok {
		if decoded, err := base64.StdEncoding.DecodeString(encoded); err == nil {
			key = decoded
		}
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%d.%s", id, at.Unix(), body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
