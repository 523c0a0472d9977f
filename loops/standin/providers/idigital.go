package providers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// idigitalSlow is how long i-Digital says that an answer may take.
const idigitalSlow = 70 * time.Second

// idigital plays i-Digital Direct: POST /api/v1/message with an array of messages, whose codes count inside HTTP 200, callbacks
// with an array of states, and POST /api/v1/flashcall-conversion, the report. Callbacks aren't signed.
func idigital() definition {
	return definition{
		secrets: map[string]string{
			"TOKEN": "aS1kaWdpdGFsOnBhc3N3b3Jk", "CALLBACK_KEY": "callback-key-of-ours",
			"CALLBACK_URL": "http://127.0.0.1:8400/blitz/hooks/i-digital",
		},
		code: "0417",
		id:   func(n int) string { return fmt.Sprintf("063474ec-a34f-4558-90c5-%012d", n) },
		routes: []route{
			{pattern: "POST /api/v1/message", answer: idigitalMessage,
				plays: []standin.Fault{"item_refused", "callback_first", "callback_twice", "slow"}},
			{pattern: "POST /api/v1/flashcall-conversion", answer: idigitalConversion},
		},
		callback: idigitalCallback,
	}
}

type idigitalOrder struct {
	Channel     string   `json:"channelType"`
	Sender      string   `json:"senderName"`
	Destination string   `json:"destination"`
	Content     string   `json:"content"`
	Callback    string   `json:"callbackUrl"`
	Events      []string `json:"callbackEvents"`
	Tags        []string `json:"tags"`
}

func (o idigitalOrder) right() bool {
	_, ok := standin.CallbackURL(o.Callback)
	for _, event := range o.Events {
		ok = ok && slices.Contains([]string{"sent", "delivered", "read", "price", "click"}, event)
	}
	return ok && o.Channel == "FLASHCALL" && o.Sender != "" && standin.ValidNumber(o.Destination) && digits(o.Content, 4, 4)
}

func idigitalMessage(a *ask) {
	var orders []idigitalOrder
	switch {
	case a.after("Bearer") != "":
		idigitalRefuse(a, http.StatusUnauthorized, 4010, "Not Authenticated")
	case !a.is("TOKEN", a.after("Basic")):
		idigitalRefuse(a, http.StatusUnauthorized, 4012, "Bad credentials")
	case !a.decode(&orders) || len(orders) != 1 || !orders[0].right():
		idigitalRefuse(a, http.StatusBadRequest, 4000, "invalid parameters")
	case a.fault == "item_refused":
		a.json(http.StatusOK, values{"errors": true, "items": []any{values{"code": 400}}})
	default:
		idigitalPlace(a, orders[0])
	}
}

func idigitalPlace(a *ask, order idigitalOrder) {
	call, _, ok := a.place(standin.Order{To: order.Destination, Code: order.Content, Callback: order.Callback})
	if !ok {
		return
	}
	events := order.Events
	if len(events) == 0 {
		events = []string{"delivered"}
	}
	events = slices.DeleteFunc(slices.Clone(events), func(e string) bool { return e != "sent" && e != "delivered" })
	if a.fault == "callback_first" {
		a.notify(call, events...)
	}
	if a.fault == "slow" {
		late := time.NewTimer(idigitalSlow)
		defer late.Stop()
		select {
		case <-late.C:
		case <-a.r.Context().Done():
			return
		}
	}
	a.json(http.StatusOK, values{"errors": false, "items": []any{values{"messageUuid": call.ID, "code": 201}}})
	if a.fault == "callback_twice" {
		events = append(events, events...)
	}
	if a.fault != "callback_first" {
		a.notify(call, events...)
	}
}

// idigitalConversion takes the report. This method wants the same token as Bearer.
func idigitalConversion(a *ask) {
	var report struct {
		Message string `json:"messageUuid"`
		Result  string `json:"result"`
		Code    string `json:"code"`
	}
	if !a.is("TOKEN", a.after("Bearer")) {
		idigitalRefuse(a, http.StatusUnauthorized, 4010, "Not Authenticated")
		return
	}
	if !a.decode(&report) || (report.Result != "NUMBER_VERIFIED" && report.Result != "WRONG_CODE") || len(report.Code) > 20 {
		idigitalRefuse(a, http.StatusBadRequest, 4000, "invalid parameters")
		return
	}
	if !a.book.SetFate(report.Message, report.Result) {
		idigitalRefuse(a, http.StatusNotFound, 4004, "there is no such message")
		return
	}
	a.json(http.StatusOK, values{"errors": false})
}

// idigitalCallback tells a state: sent, delivered, undelivered or unsent. The last three come with the event "delivered".
func idigitalCallback(p *provider, c standin.Call, status string) (standin.Callback, error) {
	event, known := "delivered", []string{"sent", "delivered", "undelivered", "unsent"}
	if !slices.Contains(known, status) {
		return standin.Callback{}, fmt.Errorf("i-digital has no status %q", status)
	}
	if status == "sent" {
		event = "sent"
	}
	u, ok := standin.CallbackURL(c.Callback)
	if !ok {
		return standin.Callback{}, fmt.Errorf("%q isn't an address", c.Callback)
	}
	body, err := json.Marshal([]any{values{"message_uuid": c.ID, "channel_type": "FLASHCALL", "callback_event": event,
		"status": status, "status_time": p.now().UTC().Format(time.RFC3339)}})
	return standin.Callback{
		URL: c.Callback, Method: http.MethodPost, Path: u.EscapedPath(), Query: strings.TrimPrefix(u.RawQuery, "?"),
		Header: http.Header{"Content-Type": {"application/json"}}, Body: string(body),
	}, err
}

func idigitalRefuse(a *ask, status, code int, message string) {
	a.json(status, values{"error": values{"code": code, "msg": message}})
}
