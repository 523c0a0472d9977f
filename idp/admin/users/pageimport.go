package users

import (
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/templates/console"
)

// importData is what the page users/import shows.
type importData struct {
	MaxLines, MaxMiB int
	// Report is of the file that was looked at; nil before.
	Report *Report
	// Staged is the file's name, where it can be imported as it is.
	Staged string
	Faults [][]console.Cell
	// More is how many faults aren't listed.
	More int
}

// maxFaults is how many faults a page lists.
const maxFaults = 200

func (s *Section) importPage(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	return s.importWith(w, r, a, importData{}, nil)
}

func (s *Section) importWith(w http.ResponseWriter, r *http.Request, a *admin.Actor, data importData, faults []admin.FieldProblem) error {
	data.MaxLines, data.MaxMiB = MaxLines, MaxImport>>20
	page := admin.Page{Name: "users/import", Title: "Import users", Data: data, Problems: faults}
	if len(faults) > 0 {
		page.Status = http.StatusUnprocessableEntity
	}
	return s.View.Show(w, r, a, page)
}

// lookPage looks at the file that was sent, and keeps it where all is in order.
func (s *Section) lookPage(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	content, err := uploaded(r)
	if err != nil {
		return err
	}
	report, err := s.Look(r.Context(), a, content)
	if faults := s.faults(err); faults != nil {
		return s.importWith(w, r, a, importData{}, faults)
	}
	if err != nil {
		return err
	}
	data := importData{Report: &report, More: max(0, len(report.Faults)-maxFaults)}
	for _, f := range report.Faults[:min(len(report.Faults), maxFaults)] {
		data.Faults = append(data.Faults, []console.Cell{{Text: strconv.Itoa(f.Line)}, {Text: f.Login}, {Text: f.Problem.Field}, {Text: s.Describe(f.Problem)}})
	}
	if len(report.Faults) == 0 && report.Created+report.Changed > 0 {
		if data.Staged, err = s.Stage(r.Context(), a, content); err != nil {
			return err
		}
	}
	return s.importWith(w, r, a, data, nil)
}

// uploaded is the file of a form; empty where none was chosen.
func uploaded(r *http.Request) ([]byte, error) {
	file, _, err := r.FormFile("file")
	if err != nil {
		return nil, nil // an empty file is told of as one that can't be read
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, MaxImport+1))
	if err != nil {
		return nil, &idp.Problem{ID: idp.ProblemForm, Status: http.StatusBadRequest, Cause: err}
	}
	if len(content) > MaxImport {
		return nil, &idp.Problem{ID: problemLarge, Status: http.StatusRequestEntityTooLarge, Args: map[string]any{"max": MaxLines}}
	}
	return content, nil
}

func (s *Section) applyPage(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	report, err := s.ImportStaged(r.Context(), a, r.PostForm.Get("staged"))
	if err != nil {
		return err
	}
	s.View.Redirect(w, r, path, fmt.Sprintf("Imported: %d made, %d changed, %d as they were.", report.Created, report.Changed, report.Same))
	return nil
}
