package providers

import (
	"net/http"
	"strconv"
	"time"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// exolve plays MTS Exolve's voice messages: POST MakeVoiceMessage has a text read out, POST GetInfo tells the state. Of the states only
// "completed" is known from outside; the word that comes before it here is made up, and nothing may rest on it.
func exolve() definition {
	return definition{
		secrets: map[string]string{"API_KEY": "exolve-api-key", "SOURCE": "74951230000"}, code: "0417",
		id: func(n int) string { return strconv.Itoa(552000000000000000 + n) },
		routes: []route{
			{pattern: "POST /call/v1/MakeVoiceMessage", answer: exolveSpeak, plays: []standin.Fault{"no_call_id", "never_completed"}},
			{pattern: "POST /call/v1/GetInfo", answer: exolveInfo},
		},
	}
}

// exolveMakeCall plays MakeCall as an agency's recipe has it. What Exolve would answer is told nowhere; this is what MakeVoiceMessage
// answers.
func exolveMakeCall() definition {
	return definition{
		secrets: map[string]string{"API_KEY": "exolve-api-key", "CALLERS": "7495123*"}, code: "0417",
		id: func(n int) string { return strconv.Itoa(552000000000000000 + n) },
		routes: []route{{pattern: "POST /call/v1/MakeCall", answer: exolveCall,
			plays: []standin.Fault{"refused", "no_call_id"}}},
	}
}

func exolveSpeak(a *ask) {
	var order struct {
		Source      string `json:"source"`
		Destination string `json:"destination"`
		TTS         struct {
			Text  string `json:"text"`
			Voice string `json:"voice"`
			Lang  string `json:"lang"`
		} `json:"tts"`
	}
	switch {
	case !a.is("API_KEY", a.after("Bearer")):
		exolveRefuse(a, http.StatusUnauthorized, "the key is wrong")
	case !a.decode(&order) || !standin.ValidNumber(order.Destination) || order.TTS.Text == "":
		exolveRefuse(a, http.StatusBadRequest, "a parameter is wrong")
	case !a.is("SOURCE", order.Source):
		exolveRefuse(a, http.StatusForbidden, "source isn't a number of this application")
	default:
		exolvePlace(a, standin.Order{To: order.Destination, From: order.Source, Text: order.TTS.Text, Fate: string(a.fault)})
	}
}

func exolveCall(a *ask) {
	var order struct {
		Number      string `json:"number"`
		Destination string `json:"destination"`
		Duration    int    `json:"call_duration"`
	}
	switch {
	case !a.is("API_KEY", a.after("Bearer")):
		exolveRefuse(a, http.StatusUnauthorized, "the key is wrong")
	case !a.decode(&order) || !standin.ValidNumber(order.Destination) || order.Duration < 1:
		exolveRefuse(a, http.StatusBadRequest, "a parameter is wrong")
	case !owned(a.secrets["CALLERS"], order.Number):
		exolveRefuse(a, http.StatusForbidden, "number isn't one of this application")
	case a.fault == "refused":
		exolveRefuse(a, http.StatusOK, "the call can't be made")
	default:
		exolvePlace(a, standin.Order{To: order.Destination, From: order.Number})
	}
}

func exolvePlace(a *ask, order standin.Order) {
	call, _, ok := a.place(order)
	if !ok {
		return
	}
	answer := values{"call_id": call.ID}
	if a.fault == "no_call_id" {
		answer = values{}
	}
	a.json(http.StatusOK, answer)
}

func exolveInfo(a *ask) {
	var question struct {
		ID string `json:"call_id"`
	}
	if !a.is("API_KEY", a.after("Bearer")) {
		exolveRefuse(a, http.StatusUnauthorized, "the key is wrong")
		return
	}
	if !a.decode(&question) {
		exolveRefuse(a, http.StatusBadRequest, "a parameter is wrong")
		return
	}
	call, ok := a.book.Find(question.ID)
	if !ok {
		exolveRefuse(a, http.StatusNotFound, "there is no such call")
		return
	}
	status := "processing"
	if call.Age(a.now()) >= 10*time.Second && call.Fate != "never_completed" {
		status = "completed"
	}
	a.json(http.StatusOK, values{"call_id": call.ID, "status": status})
}

func exolveRefuse(a *ask, status int, message string) {
	a.json(status, values{"error": values{"code": status, "message": message}})
}
