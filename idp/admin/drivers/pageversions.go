package drivers

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"strconv"

	"github.com/ringtail-id/ringtail/idp/admin"
)

func (s *Section) showVersions(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	about, err := s.about(r, a, "/versions")
	if err != nil {
		return err
	}
	return s.show(w, r, a, "versions", "Versions of "+about.Driver.Name, versionsPage{about})
}

func (s *Section) showVersion(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	about, err := s.about(r, a, "/versions")
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(r.PathValue("number"))
	if err != nil {
		return unknown()
	}
	v, err := s.service.version(r.Context(), about.Driver.Name, n)
	if err != nil {
		return err
	}
	page := versionPage{About: about, Version: v, Serving: about.Driver.Published == n && !about.Driver.Managed, Digest: v.Digest()}
	if release, is := about.Driver.Releases[n]; is {
		page.Release = &release
	}
	return s.show(w, r, a, "version", fmt.Sprintf("%s, version %d", about.Driver.Name, n), page)
}

// showDiff compares two scripts; parameters: from, to.
func (s *Section) showDiff(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	about, err := s.about(r, a, "/versions")
	if err != nil {
		return err
	}
	page := diffPage{About: about, From: r.URL.Query().Get("from"), To: r.URL.Query().Get("to"), Sides: s.sides(about.Driver)}
	if page.From != "" && page.To != "" {
		if page.Parts, err = s.service.Diff(r.Context(), about.Driver.Name, page.From, page.To); err != nil {
			return err
		}
	}
	return s.show(w, r, a, "diff", "What changed in "+about.Driver.Name, page)
}

// export gives a script as a folder of an installation has it, in a zip file; parameter: of.
func (s *Section) export(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	name := r.PathValue("name")
	script, err := s.service.Script(r.Context(), name, r.URL.Query().Get("of"))
	if err != nil {
		return err
	}
	packed, err := zipped(name, script)
	if err != nil {
		return fmt.Errorf("packing the driver %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.zip"`) // a valid name: else there were no script
	_, err = w.Write(packed)
	return err
}

// zipped packs a script's files into a folder with the driver's name.
func zipped(name string, script Script) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	files := [][2]string{{script.Language.file(), script.Source}, {"driver.conf", script.Manifest}}
	for _, c := range script.Cases {
		files = append(files, [2]string{"cases/" + c.Name + ".json", c.Text})
	}
	for _, file := range files {
		f, err := z.Create(name + "/" + file[0])
		if err != nil {
			return nil, err
		}
		if _, err := f.Write([]byte(file[1])); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
