package conf

import "slices"

// scopes reads the scopes that the file adds, by name. What is in a template is
// told by whoever makes the claims (idp/claims), as with drivers.
func scopes(c *cursor) (all []Scope) {
	entries(c, "scopes", "NAME", func(name string, c *cursor) {
		if !scopeName.MatchString(name) {
			c.d.fail(c.at, c.path, `is no name of a scope; write 1 to 100 visible ASCII characters without " and \`)
		}
		all = append(all, scope(name, c))
	})
	return all
}

func scope(name string, c *cursor) Scope {
	s := Scope{
		Name:        name,
		Title:       byLanguage(c, "title", 100),
		Description: byLanguage(c, "description", 500),
		Claims:      templates(c),
		ClientLevel: getOr(c, "clientLevel", boolean(), false),
		Enabled:     getOr(c, "enabled", boolean(), true),
	}
	s.addBlitz(c)
	return s
}

// byLanguage reads a text in several languages; missing it is empty.
func byLanguage(c *cursor, key string, most int) map[string]string {
	texts := map[string]string{}
	within(c, key, func(c *cursor) {
		for _, lang := range c.keys() {
			if lang != languageDefault && !languageTag.MatchString(lang) {
				c.d.fail(c.obj.KeyPos(lang), child(c.path, lang), "is no language; write a language tag (en, ru, pt-BR) or "+languageDefault)
			}
			texts[lang] = getAs(c, lang, "LANG", sentence(most))
		}
	})
	return texts
}

// languageDefault stands for every language that has no text of its own, as in Blitz.
const languageDefault = "default"

// templates reads claims { CLAIM = TEMPLATE }.
func templates(c *cursor) map[string]string {
	all := map[string]string{}
	within(c, "claims", func(c *cursor) {
		for _, claim := range c.keys() {
			all[claim] = getAs(c, claim, "CLAIM", sentence(1000))
		}
	})
	return all
}

// within reads a section that an entry may leave out.
func within(c *cursor, key string, read func(*cursor)) {
	sub := c.enter(key, key)
	read(sub)
	sub.leave()
}

// addBlitz takes what Blitz writes in a scope: names and descriptions by
// language, attrs for claims of their attributes' names, client-level. They are
// no entries of the reference; what has our own key as well goes by that.
func (s *Scope) addBlitz(c *cursor) {
	c.quiet = true
	for key, texts := range map[string]map[string]string{"names": s.Title, "descriptions": s.Description} {
		if !slices.Contains(c.keys(), key) {
			continue
		}
		for lang, text := range byLanguage(c, key, 500) {
			if texts[lang] == "" {
				texts[lang] = text
			}
		}
	}
	for _, attribute := range getOr(c, "attrs", list("names of attributes", attribute()), nil) {
		if s.Claims[attribute] == "" {
			s.Claims[attribute] = "${" + attribute + "}"
		}
	}
	s.ClientLevel = getOr(c, "client-level", boolean(), s.ClientLevel)
}
