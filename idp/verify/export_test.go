package verify

// Served are the endpoints, as "METHOD path".
func Served(h *Handler) (all []string) {
	for _, r := range h.routes() {
		all = append(all, r.Method+" "+r.Path)
	}
	return all
}
