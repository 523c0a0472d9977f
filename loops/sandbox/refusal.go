package sandbox

import (
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/loops"
)

// maxDetail is how much of a refusal's detail is kept. The engine writes a few hundred bytes.
const maxDetail = 2 << 10

// refusal reads what a worker says about a script that it stopped. A word that no engine says, or a place outside of the
// driver's file, comes from whoever took the worker over.
func (r reply) refusal(file string) *loops.Refusal {
	said := []loops.Reason{loops.ReasonTime, loops.ReasonMemory, loops.ReasonContract, loops.ReasonSyntax, loops.ReasonUnsupported}
	if !slices.Contains(said, r.Refused) || !strings.HasPrefix(r.Detail, file+":") {
		return &loops.Refusal{Reason: loops.ReasonContract, Detail: file + ":1:1: the worker gave a refusal that is none"}
	}
	detail := r.Detail
	if len(detail) > maxDetail {
		detail = strings.ToValidUTF8(detail[:maxDetail], "")
	}
	return &loops.Refusal{Reason: r.Refused, Detail: detail}
}
