package fill

import (
	"fmt"
	"io"
	"strings"
)

// Table writes the medians in microseconds as a table of Markdown, a column a size;
// in brackets that of the first time, where it took twice as long.
func Table(out io.Writer, all []Sized) error {
	if len(all) == 0 {
		return nil
	}
	var b strings.Builder
	row := func(name string, cell func(Sized) string) {
		b.WriteString("| " + name + " |")
		for _, s := range all {
			b.WriteString(" " + cell(s) + " |")
		}
		b.WriteString("\n")
	}
	row("users", func(s Sized) string { return grouped(s.Users) })
	b.WriteString("|---|" + strings.Repeat("---|", len(all)) + "\n")
	row("size, MB", func(s Sized) string { return grouped(int(s.Bytes >> 20)) })
	row("start, ms", func(s Sized) string { return fmt.Sprintf("%.0f", 1000*s.Opened) })
	for i, f := range all[0].Figures {
		row(f.Name, func(s Sized) string { return cellOf(s.Figures[i]) })
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// grouped writes thousands apart.
func grouped(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", grouped(n/1000), n%1000)
}

func cellOf(f Figure) string {
	if f.First > 2*f.Median {
		return fmt.Sprintf("%s (%s)", grouped(int(f.Median)), grouped(int(f.First)))
	}
	return grouped(int(f.Median))
}
