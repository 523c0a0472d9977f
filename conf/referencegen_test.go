package conf

// This file generates docs/reference/settings.md; no program needs it.

import (
	"fmt"
	"strings"

	"github.com/ringtail-id/ringtail/conf/hocon"
)

// Reference is the reference page of all settings in Markdown.
func Reference() (string, error) {
	keys, err := AllKeys()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("# Settings\n\n")
	b.WriteString("<!-- Made from conf/blitz.conf and the decoder by `go test ./conf -update`; edit those. -->\n\n")
	b.WriteString("Every setting stands under `" + hocon.JoinPath(rootPath()...) + "` in a HOCON file. The annotated default is\n")
	b.WriteString("[conf/blitz.conf](../../conf/blitz.conf); a file of yours needs only what differs, and `--set PATH=VALUE` goes over\n")
	b.WriteString("both. `ringtail check --conf FILE` names the place of every fault and says what to write.\n\n")
	b.WriteString("A relative path of a file starts at the folder of the settings file. A secret may be a literal, `${ENVIRONMENT}` or\n")
	b.WriteString("`\"file(PATH)\"`; it is never printed. `ID`, `DRIVER`, `NAME`, `CLAIM` and `LANG` stand for names that the file chooses, `N` for\n")
	b.WriteString("the place in a list.\n")
	table(&b, "", keys)
	for _, k := range keys {
		if k.Section {
			fmt.Fprintf(&b, "\n## %s\n\n%s\n", k.Path, k.Meaning)
			table(&b, k.Path, keys)
		}
	}
	return b.String(), nil
}

// table writes the settings that stand right in the section.
func table(b *strings.Builder, section string, keys []Key) {
	head := "\n| setting | write | default | meaning |\n|---|---|---|---|\n"
	for _, k := range keys {
		at := strings.LastIndexByte(k.Path, '.')
		if k.Section || k.Path[:max(at, 0)] != section {
			continue
		}
		value := ""
		if k.Default != "" {
			value = "`" + k.Default + "`"
		}
		cells := []string{"`" + k.Path[at+1:] + "`", k.Type, value, k.Meaning}
		for i := range cells {
			cells[i] = strings.ReplaceAll(cells[i], "|", "\\|")
		}
		b.WriteString(head + "| " + strings.Join(cells, " | ") + " |\n")
		head = ""
	}
}
