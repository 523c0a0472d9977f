package front

import (
	"net/http"
	"strings"

	"github.com/ringtail-id/ringtail/idp/oidc"
)

// maxDepth is how many slashes of a path are looked at: more than any path of the
// table has below an issuer of a few parts, and few enough that a path of nothing but
// slashes costs nothing.
const maxDepth = 12

// places are the routes by path: whole paths, and beginnings that end in a slash.
type places map[string]*place

// place is what serves a path.
type place struct{ any, post *guard }

func (p places) add(path string, r Route, g *guard) {
	at := p[path]
	if at == nil {
		at = &place{}
		p[path] = at
	}
	if r.Posts {
		at.post = g
		return
	}
	at.any = g
}

// pathsOf are the route's full paths.
func pathsOf(r Route, base string) []string {
	var paths []string
	for _, path := range r.Paths {
		switch {
		case path == "/":
			paths = append(paths, "/") // also beside the issuer's path
			continue
		case path == oidc.PathMetadata && base != "": // RFC 8414, section 3.1: between the host and the issuer's path
			paths = append(paths, path+base)
		}
		paths = append(paths, base+path)
	}
	return paths
}

// find gives the route with the longest path that fits.
func (p places) find(method, path string) *guard {
	if at := p[path]; at != nil {
		return at.by(method)
	}
	best := p["/"]
	for i, depth := 0, 0; i < len(path) && depth < maxDepth; depth++ {
		next := strings.IndexByte(path[i:], '/')
		if next < 0 {
			break
		}
		i += next + 1
		if at := p[path[:i]]; at != nil {
			best = at
		}
	}
	return best.by(method)
}

func (p *place) by(method string) *guard {
	if p.post != nil && method == http.MethodPost {
		return p.post
	}
	return p.any
}
