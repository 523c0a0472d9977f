package settings

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/conf/hocon"
	"github.com/ringtail-id/ringtail/loops"
)

// The chain of routes, and its short form: one driver.
const (
	pathChannels = flashCall + ".channels"
	pathDriver   = flashCall + ".driver"
)

// mostRoutes is how many rows a form may have; conf has the bound that counts.
const mostRoutes = 40

// chain is the editor of the routes.
type chain struct {
	field   // of the list
	Rows    []row
	Drivers []*loops.Driver
}

// row is one route in the editor, each member as its input shows it.
type row struct {
	Index                                                               int
	Channel, Driver, Price, Wait, Countries, Prefixes, Operators, Hours string
	Problems                                                            map[string]string // by the input's word
}

// Input names an input of the row.
func (r row) Input(word string) string { return fmt.Sprintf("route.%d.%s", r.Index, word) }

// Number is the row's place for people.
func (r row) Number() int { return r.Index + 1 }

// Channels are the options of the row's channel.
func (r row) Channels() []option {
	var all []option
	for _, c := range []loops.Channel{loops.ChannelFlashCall, loops.ChannelSMS, loops.ChannelVoice} {
		all = append(all, option{Value: string(c), Selected: string(c) == r.Channel})
	}
	return all
}

// written is a route as the settings have it. What is empty is left out.
type written struct {
	Channel   string          `json:"channel"`
	Driver    string          `json:"driver"`
	Price     json.RawMessage `json:"price,omitempty"`
	Wait      json.RawMessage `json:"wait,omitempty"`
	Countries []string        `json:"countries,omitempty"`
	Prefixes  []string        `json:"prefixes,omitempty"`
	Operators []string        `json:"operators,omitempty"`
	Hours     string          `json:"hours,omitempty"`
}

func (r row) written() written {
	number := func(text string) json.RawMessage {
		if text == "" {
			return nil
		}
		return json.RawMessage(literal(conf.Ask{}, text))
	}
	return written{
		Channel: r.Channel, Driver: r.Driver, Price: number(r.Price), Wait: number(r.Wait),
		Countries: commas(r.Countries), Prefixes: commas(r.Prefixes), Operators: commas(r.Operators), Hours: r.Hours,
	}
}

// commas are the members of a list that is written on one line.
func commas(text string) []string {
	var all []string
	for _, word := range strings.Split(text, ",") {
		if word = strings.TrimSpace(word); word != "" {
			all = append(all, word)
		}
	}
	return all
}

// chainText is the chain as HOCON.
func chainText(rows []row) string {
	all := []written{}
	for _, r := range rows {
		all = append(all, r.written())
	}
	return asJSON(all)
}

// rowsOf are the routes of a value, or the one route of the short form.
func rowsOf(routes, driver hocon.Value) []row {
	var rows []row
	for i, e := range routes.Elems() {
		text := func(key string) string {
			v, _ := e.Get(key)
			return strings.ReplaceAll(inputText(v), "\n", ", ")
		}
		rows = append(rows, row{
			Index: i, Channel: text("channel"), Driver: text("driver"), Price: text("price"), Wait: text("wait"),
			Countries: text("countries"), Prefixes: text("prefixes"), Operators: text("operators"), Hours: text("hours"),
		})
	}
	if name := inputText(driver); len(rows) == 0 && name != "" {
		rows = []row{{Channel: string(loops.ChannelFlashCall), Driver: name}}
	}
	return rows
}

// chain is the editor as the settings are now.
func (s *Section) chain(st *state, known []*loops.Driver) *chain {
	c := &chain{field: s.field(st, s.keys[pathChannels]), Drivers: known}
	routes, _ := st.value(pathChannels)
	driver, _ := st.value(pathDriver)
	c.Rows = rowsOf(routes, driver)
	c.Value = chainText(c.Rows)
	c.Was = c.Value
	c.Locked = c.Locked || st.locked(pathDriver)
	_, short := st.saved(pathDriver)
	c.Saved = c.Saved || short
	if len(routes.Elems()) == 0 && inputText(driver) != "" {
		c.Origin = st.origin(pathDriver)
	}
	return c
}

// fill takes the rows that were sent, and what a button did to them.
func (c *chain) fill(sent url.Values) {
	c.field.fill(sent)
	n, err := strconv.Atoi(sent.Get("routes"))
	if c.Locked || err != nil || n < 0 {
		return
	}
	c.Rows = nil
	for i := range min(n, mostRoutes) {
		text := func(word string) string { return strings.TrimSpace(sent.Get(fmt.Sprintf("route.%d.%s", i, word))) }
		c.Rows = append(c.Rows, row{
			Channel: text("channel"), Driver: text("driver"), Price: text("price"), Wait: text("wait"),
			Countries: text("countries"), Prefixes: text("prefixes"), Operators: text("operators"), Hours: text("hours"),
		})
	}
	c.act(sent.Get(inputAction))
	for i := range c.Rows {
		c.Rows[i].Index = i
	}
	c.Value = chainText(c.Rows)
}

// act does what the button of a row, or the one that adds a row, says.
func (c *chain) act(action string) {
	do, at, _ := strings.Cut(action, ":")
	i, err := strconv.Atoi(at)
	there := err == nil && i >= 0 && i < len(c.Rows)
	switch {
	case do == actionAdd && len(c.Rows) < mostRoutes:
		c.Rows = append(c.Rows, row{Channel: string(loops.ChannelFlashCall)})
	case do == actionRemove && there:
		c.Rows = slices.Delete(c.Rows, i, i+1)
	case do == actionUp && there && i > 0:
		c.Rows[i-1], c.Rows[i] = c.Rows[i], c.Rows[i-1]
	case do == actionDown && there && i < len(c.Rows)-1:
		c.Rows[i], c.Rows[i+1] = c.Rows[i+1], c.Rows[i]
	}
}

// Buttons that change the rows; nothing is saved by them.
const (
	actionAdd    = "add"
	actionRemove = "remove"
	actionUp     = "up"
	actionDown   = "down"
)

// judge tells what is wrong in which row: the rows are read one by one, as the
// file would be.
func (c *chain) judge() {
	for i, r := range c.Rows {
		c.Rows[i].Problems = map[string]string{}
		for _, f := range faultsOf(pathChannels, chainText([]row{r})) {
			if word, ok := strings.CutPrefix(f.Path, rootPrefix+pathChannels+"."); ok {
				c.Rows[i].Problems[word] = f.Msg
			}
		}
	}
}
