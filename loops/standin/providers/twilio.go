package providers

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// twilio plays Twilio's messages: a form under basic authentication, 201 with a message that is only queued, and what became of
// it for whoever asks. Errors have a number of their own beside the status.
func twilio() definition {
	faults := []standin.Fault{}
	for code := range twilioErrors() {
		faults = append(faults, standin.Fault(fmt.Sprint("error_", code)))
	}
	for _, fate := range twilioFates() {
		faults = append(faults, standin.Fault(fate))
	}
	const messages = "/2010-04-01/Accounts/{account}/Messages"
	return definition{
		secrets: map[string]string{"ACCOUNT_SID": "AC0123456789abcdef0123456789abcdef", "AUTH_TOKEN": "twilio-token-71c4", "SENDER": "+15005550006"},
		code:    "0417", writes: true,
		id: func(n int) string { return fmt.Sprintf("SM%032x", n) },
		routes: []route{
			{pattern: "POST " + messages + ".json", answer: twilioSend, plays: faults},
			{pattern: "GET " + messages + "/{file}", answer: twilioFetch},
		},
	}
}

// twilioErrors are errors of Twilio's dictionary that refuse a message, by their number, with the HTTP status that comes with them.
func twilioErrors() map[int]int {
	return map[int]int{
		14107: 400, 20404: 404, 20429: 429, 21211: 400, 21408: 403, 21603: 400, 21606: 400, 21608: 400, 21610: 400, 21611: 400, 21612: 400, 21614: 400, 21635: 400,
	}
}

// twilioFates are what may become of a message that was taken: Twilio's own number for why it didn't arrive.
func twilioFates() []string {
	return []string{"fails_30001", "fails_30002", "fails_30003", "fails_30004", "fails_30005", "fails_30006", "fails_30007", "fails_30008", "fails_30450"}
}

func twilioRefuses(a *ask, status, code int) {
	if status == http.StatusTooManyRequests {
		a.w.Header().Set("Retry-After", "30")
	}
	a.json(status, values{"code": code, "message": "refused", "more_info": fmt.Sprint("https://www.twilio.com/docs/errors/", code), "status": status})
}

// twilioAllowed answers for a request that isn't the account's own.
func twilioAllowed(a *ask) bool {
	if !a.basic("ACCOUNT_SID", "AUTH_TOKEN") {
		twilioRefuses(a, http.StatusUnauthorized, 20003)
		return false
	}
	if a.r.PathValue("account") != a.secrets["ACCOUNT_SID"] {
		twilioRefuses(a, http.StatusNotFound, 20404)
		return false
	}
	return true
}

func twilioSend(a *ask) {
	if !twilioAllowed(a) {
		return
	}
	p, ok := a.params()
	to, plus := strings.CutPrefix(p.Get("To"), "+")
	sender := p.Get("From") + p.Get("MessagingServiceSid")
	code, _ := strconv.Atoi(strings.TrimPrefix(string(a.fault), "error_"))
	switch {
	case !ok || !only(p, "To", "From", "MessagingServiceSid", "Body") || p.Get("Body") == "" || len(p.Get("Body")) > 1600:
		twilioRefuses(a, http.StatusBadRequest, 21602)
	case sender == "":
		twilioRefuses(a, http.StatusBadRequest, 21603)
	case !a.is("SENDER", sender) || strings.HasPrefix(sender, "MG") != p.Has("MessagingServiceSid"):
		twilioRefuses(a, http.StatusBadRequest, 21606)
	case twilioErrors()[code] != 0:
		twilioRefuses(a, twilioErrors()[code], code)
	case !plus || !standin.ValidNumber(to):
		twilioRefuses(a, http.StatusBadRequest, 21211)
	default:
		fate := ""
		if why, fails := strings.CutPrefix(string(a.fault), "fails_"); fails {
			fate = why
		}
		if message, _, ok := a.place(standin.Order{To: to, Text: p.Get("Body"), Fate: fate}); ok {
			a.json(http.StatusCreated, twilioMessage(a, message))
		}
	}
}

func twilioFetch(a *ask) {
	if !twilioAllowed(a) {
		return
	}
	id, isJSON := strings.CutSuffix(a.r.PathValue("file"), ".json")
	message, ok := a.book.Find(id)
	if !ok || !isJSON {
		twilioRefuses(a, http.StatusNotFound, 20404)
		return
	}
	a.json(http.StatusOK, twilioMessage(a, message))
}

// twilioMessage is a message as it stands: queued, on its way, sent from its third second on and delivered from its twentieth.
func twilioMessage(a *ask, m standin.Call) values {
	out := values{
		"sid": m.ID, "account_sid": a.secrets["ACCOUNT_SID"], "to": "+" + m.To, "from": a.secrets["SENDER"], "body": m.Text, "num_segments": "1",
		"direction": "outbound-api", "price": nil, "price_unit": "USD", "error_code": nil, "error_message": nil, "status": "queued",
	}
	switch age := m.Age(a.now()); {
	case age < time.Second:
	case age < 3*time.Second:
		out["status"] = "sending"
	case m.Fate != "":
		code, _ := strconv.Atoi(m.Fate)
		out["status"], out["error_code"], out["error_message"] = "undelivered", code, "it didn't arrive"
	case age < 20*time.Second:
		out["status"], out["price"] = "sent", "-0.00750"
	default:
		out["status"], out["price"] = "delivered", "-0.00750"
	}
	return out
}
