package page

import (
	"github.com/ringtail-id/ringtail/bench/run"
)

// Markdown is a report as a page.
func Markdown(r *run.Report) string { return "```\n" + Table(r) + "```\n" }
