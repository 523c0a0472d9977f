package sandbox

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/engine"
)

// hello is the first frame to a worker.
type hello struct {
	Limits loops.Limits `json:"limits"`
	Steps  int          `json:"steps"` // that the worker will be asked for in its life
	// Namespaces are those of the process that starts the worker, so that the worker can say whether it has its own.
	Namespaces map[string]string `json:"namespaces"`
}

// Confinement says what holds in a worker. The kernel and the container decide about some of it.
type Confinement struct {
	Memory  bool `json:"memory"`      // RLIMIT_DATA
	CPU     bool `json:"cpu"`         // RLIMIT_CPU
	Files   bool `json:"files"`       // RLIMIT_NOFILE and RLIMIT_FSIZE: it can open hardly any and write none
	Core    bool `json:"core"`        // RLIMIT_CORE: its memory, which holds secrets, is never dumped
	Network bool `json:"network"`     // it is in a network namespace of its own, without any interface up
	User    bool `json:"user"`        // it is in a user namespace of its own
	Env     bool `json:"environment"` // its environment is empty
	Open    int  `json:"open_files"`  // its three pipes, when all is well
	// Landlock is the version of the kernel's Landlock that shuts all files, from 4 on TCP, from 6 on abstract sockets and
	// signals to others, from 9 on sockets in files and from 10 on UDP too; 0 where there is none.
	Landlock int  `json:"landlock"`
	Calls    bool `json:"system_calls"` // only those system calls are left that Go's runtime needs
}

// task is what a worker is asked for: a step, or the problems or the entries of a script.
type task struct {
	Turn    string            `json:"turn"` // nobody can guess it, and the reply must say the same: none can be made beforehand
	Check   bool              `json:"check,omitempty"`
	Entries bool              `json:"entries,omitempty"`
	File    string            `json:"file"`
	Source  string            `json:"source"`
	Entry   loops.Entry       `json:"entry,omitempty"`
	Input   json.RawMessage   `json:"input,omitempty"`
	State   json.RawMessage   `json:"state,omitempty"`
	Answer  *loops.Answer     `json:"answer,omitempty"`
	Secrets map[string]string `json:"secrets,omitempty"`
	Now     time.Time         `json:"now"`
	Seed    []byte            `json:"seed,omitempty"`
	Token   *string           `json:"token,omitempty"`
	Measure bool              `json:"measure,omitempty"`
}

// reply is a worker's answer. One of Request, Ok, Key, Login and Refused is set for a step; Problems for a check;
// Entries or Refused where those were asked for.
type reply struct {
	Turn      string            `json:"turn"`
	Request   *loops.Request    `json:"request,omitempty"`
	State     json.RawMessage   `json:"state,omitempty"`
	Ok        json.RawMessage   `json:"ok,omitempty"`
	Key       loops.Key         `json:"key,omitempty"`
	Params    map[string]string `json:"params,omitempty"`
	Login     bool              `json:"login,omitempty"`
	UsedToken bool              `json:"used_token,omitempty"`
	Refused   loops.Reason      `json:"refused,omitempty"`
	Detail    string            `json:"detail,omitempty"`
	Problems  []engine.Problem  `json:"problems,omitempty"`
	Entries   []loops.Entry     `json:"entries,omitempty"`
	Memory    int64             `json:"memory,omitempty"` // in bytes, where the task asked for it
	Spent     bool              `json:"spent,omitempty"`  // the worker wants to be replaced
}

// maxSecrets bounds a driver's secrets together, names included, in bytes. Ten private keys in PEM fit.
const maxSecrets = 64 << 10

// secretFrame is what JSON puts around one secret's name and value.
const secretFrame = 6

// taskSize and replySize bound the frames. JSON may write one byte as six. A token comes out of an Ok value.
func taskSize(l loops.Limits) int {
	input, state, token := l.Message, l.Message, l.Message
	return 6*(l.Code+input+state+l.Answer+l.Headers+maxSecrets+token) + frameRoom
}

func replySize(l loops.Limits) int {
	return 6*(l.Request+l.Headers+l.URL+l.Message) + frameRoom
}

// taskOf refuses secrets and a token that have no room in a task. All else is held to its limit by those who make it.
func taskOf(q loops.Question, l loops.Limits) (task, error) {
	size := 0
	for name, value := range q.Secrets {
		size += len(name) + len(value) + secretFrame
	}
	over := func(what string, size, most int) (task, error) {
		return task{}, &loops.Refusal{Reason: loops.ReasonContract, Detail: fmt.Sprintf("%s:1:1: the driver's %s %d bytes long, at most %d are allowed",
			q.Driver.File, what, size, most)}
	}
	if size > maxSecrets {
		return over("secrets together are", size, maxSecrets)
	}
	if q.Token != nil && len(*q.Token) > l.Message {
		return over("token is", len(*q.Token), l.Message)
	}
	return task{
		File: q.Driver.File, Source: q.Driver.Source, Entry: q.Entry,
		Input: q.Input, State: q.State, Answer: q.Answer,
		Secrets: q.Secrets, Now: q.Now, Seed: q.Seed[:], Token: q.Token, Measure: q.Measure,
	}, nil
}

func (t task) question() loops.Question {
	q := loops.Question{
		Driver: &loops.Driver{File: t.File, Source: t.Source}, Entry: t.Entry,
		Input: t.Input, State: t.State, Answer: t.Answer, Secrets: t.Secrets, Now: t.Now, Token: t.Token,
	}
	copy(q.Seed[:], t.Seed)
	return q
}

func replyOf(action *loops.Action) reply {
	if action.Failure != nil {
		return reply{Key: action.Failure.Key, Params: action.Failure.Params}
	}
	return reply{Request: action.Request, State: action.State, Ok: action.Ok, Login: action.Login, UsedToken: action.UsedToken}
}

// action reads a worker's reply as one that may be wrong: whoever took over a worker can write anything.
func (r reply) action(file string) (*loops.Action, error) {
	action, err := r.said(file)
	if err == nil {
		action.Memory = max(r.Memory, 0)
	}
	return action, err
}

func (r reply) said(file string) (*loops.Action, error) {
	if r.Refused != "" {
		return nil, r.refusal(file)
	}
	said := 0
	for _, is := range []bool{r.Request != nil, r.Ok != nil, r.Key != "", r.Login} {
		if is {
			said++
		}
	}
	switch {
	case said != 1:
		return nil, &loops.Refusal{Reason: loops.ReasonContract, Detail: file + ":1:1: the worker gave no action"}
	case r.Request != nil && !isPlace(r.Request.At, file): // egress puts it into what people read
		return nil, &loops.Refusal{Reason: loops.ReasonContract, Detail: file + ":1:1: the worker gave a request from nowhere in the script"}
	case r.Request != nil:
		return &loops.Action{Request: r.Request, State: r.State, UsedToken: r.UsedToken}, nil
	case r.Key != "":
		return &loops.Action{Failure: &loops.Failure{Key: r.Key, Params: r.Params}}, nil
	}
	return &loops.Action{Ok: r.Ok, Login: r.Login}, nil
}
