package conf

import (
	"strings"

	"github.com/ringtail-id/ringtail/conf/hocon"
)

func store(c *cursor) Store { return get(c, "url", c.d.files.database()) }

// database is the URL of a database. As it may hold a password it is treated as a
// secret: what was written is never repeated.
func (f files) database() kind[Store] {
	return kind[Store]{
		phrase: "a URL, sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE",
		ask:    Ask{Form: FormSecret},
		read: func(v hocon.Value, bad fault) Store {
			s, err := v.Str()
			if err != nil {
				bad(v, "is no text", "")
				return Store{}
			}
			if name, ok := fileForm(s); ok {
				if s, err = f.secretFile(name); err != nil {
					bad(v, err.Error(), "write the path of a readable file, starting at "+quoted(f.dir))
					return Store{}
				}
			}
			if isPostgres(s) {
				return Store{URL: NewSecret(s)}
			}
			path, ok := strings.CutPrefix(s, "sqlite:")
			if !ok || path == "" || strings.ContainsAny(path, "?#\x00") {
				bad(v, "is no URL of a database", "")
				return Store{}
			}
			path = f.at(path)
			return Store{URL: NewSecret("sqlite:" + path), Path: path}
		},
	}
}

func isPostgres(s string) bool {
	return strings.HasPrefix(s, "postgres://") || strings.HasPrefix(s, "postgresql://")
}
