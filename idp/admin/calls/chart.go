package calls

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp/admin/calls/ledger"
)

// Chart is a picture of some numbers over the steps of a period, as
// templates/console/pages/calls/_chart.html draws it, with a table of the same
// numbers. Lengths are in units of the picture, from its upper left corner.
type Chart struct {
	ID, Title, Desc string
	Width, Height   float64
	Plot            Box // where the numbers are drawn
	Legend          []Legend
	Bars            []Bar
	Lines           []Line
	Levels          []Level // of the axis that goes up
	Marks           []Mark  // of the axis that goes to the right
	Head            []string
	Rows            [][]string
}

// Box is a rectangle.
type Box struct{ X, Y, Width, Height float64 }

// Right is its right side.
func (b Box) Right() float64 { return b.X + b.Width }

// Before is where texts beside its left side end.
func (b Box) Before() float64 { return b.X - 6 }

// Below is where texts under it stand.
func (b Box) Below() float64 { return b.Y + b.Height + 18 }

// Legend says what a class of bars or lines means.
type Legend struct{ Class, Text string }

// Bar is a part of a column; Title is what a pointer on it tells.
type Bar struct {
	Box
	Class, Title string
}

// Line is a row of points; a gap in the numbers makes two lines of one.
type Line struct {
	Class  string
	Points []Point
}

// Path is the line as the attribute "points" has it.
func (l Line) Path() string {
	parts := make([]string, len(l.Points))
	for i, p := range l.Points {
		parts[i] = fmt.Sprintf("%s,%s", coordinate(p.X), coordinate(p.Y))
	}
	return strings.Join(parts, " ")
}

// Point is one number of a line.
type Point struct {
	X, Y  float64
	Title string
}

// Level is a number of the axis that goes up.
type Level struct {
	Y    float64
	Text string
}

// Mark is a step's name below the picture.
type Mark struct {
	X    float64
	Text string
}

// tenth rounds a length: nobody sees more.
func tenth(n float64) float64 { return math.Round(n*10) / 10 }

// coordinate writes a length with one decimal at most.
func coordinate(n float64) string { return strconv.FormatFloat(tenth(n), 'f', -1, 64) }

// Measures of all charts.
const (
	chartWidth, chartHeight = 720, 240
	plotLeft, plotRight     = 64, 8
	plotTop, plotBottom     = 12, 28
	barShare                = 0.7 // of a step's width
	mostMarks               = 12
)

// band is one number of each step, and how it is told.
type band struct {
	class, name string
	of          func(Step) float64
}

func newChart(id, title, desc string, at []Step, p Period) *Chart {
	c := &Chart{ID: id, Title: title, Desc: desc, Width: chartWidth, Height: chartHeight}
	c.Plot = Box{X: plotLeft, Y: plotTop, Width: chartWidth - plotLeft - plotRight, Height: chartHeight - plotTop - plotBottom}
	every := (len(at) + mostMarks - 1) / mostMarks
	for i, step := range at {
		if i%every == 0 {
			c.Marks = append(c.Marks, Mark{X: tenth(c.middle(i, len(at))), Text: stepName(step.At, p)})
		}
	}
	return c
}

// stepName is the hour, or the day.
func stepName(at time.Time, p Period) string {
	if p.Days == 1 {
		return at.Format("15:04")
	}
	return at.Format("2 Jan")
}

func (c *Chart) middle(i, n int) float64 { return c.Plot.X + (float64(i)+0.5)*c.Plot.Width/float64(n) }

func (c *Chart) height(value, most float64) float64 { return value / most * c.Plot.Height }

// scale sets the levels of the axis, and returns its top.
func (c *Chart) scale(most float64, text func(float64) string) float64 {
	step := niceStep(most / 4)
	top := step * math.Ceil(most/step)
	if top <= 0 {
		top = step
	}
	for at := 0.0; at <= top*1.0001; at += step {
		c.Levels = append(c.Levels, Level{Y: tenth(c.Plot.Y + c.Plot.Height - c.height(at, top)), Text: text(at)})
	}
	return top
}

// niceStep is the next of 1, 2 and 5 times a power of ten.
func niceStep(least float64) float64 {
	if least <= 0 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(least)))
	for _, n := range []float64{1, 2, 5, 10} {
		if n*power >= least*0.9999 {
			return n * power
		}
	}
	return 10 * power
}

// stacked draws columns of bands, the first one below.
func (c *Chart) stacked(at []Step, p Period, bands []band, text func(float64) string) {
	most := 0.0
	for _, step := range at {
		sum := 0.0
		for _, b := range bands {
			sum += b.of(step)
		}
		most = max(most, sum)
	}
	top := c.scale(most, text)
	width := c.Plot.Width / float64(max(len(at), 1)) * barShare
	for i, step := range at {
		y := c.Plot.Y + c.Plot.Height
		row := []string{stepName(step.At, p)}
		for _, b := range bands {
			value := b.of(step)
			row = append(row, text(value))
			if value <= 0 {
				continue
			}
			h := c.height(value, top)
			y -= h
			c.Bars = append(c.Bars, Bar{Box: Box{X: tenth(c.middle(i, len(at)) - width/2), Y: tenth(y), Width: tenth(width), Height: tenth(h)}, Class: b.class,
				Title: stepName(step.At, p) + ": " + text(value) + " " + b.name})
		}
		c.Rows = append(c.Rows, row)
	}
	c.name(bands)
}

// name adds the bands to the legend and to the table's head.
func (c *Chart) name(bands []band) {
	c.Head = []string{"Time"}
	for _, b := range bands {
		c.Legend, c.Head = append(c.Legend, Legend{Class: b.class, Text: b.name}), append(c.Head, b.name)
	}
}

// lined draws shares as lines; a negative one is a gap.
func (c *Chart) lined(at []Step, p Period, bands []band) {
	percent := func(n float64) string { return strconv.FormatFloat(math.Round(100*n), 'f', -1, 64) + " %" }
	for _, n := range []float64{0, 0.25, 0.5, 0.75, 1} {
		c.Levels = append(c.Levels, Level{Y: tenth(c.Plot.Y + c.Plot.Height - c.height(n, 1)), Text: percent(n)})
	}
	rows := make([][]string, len(at))
	for i, step := range at {
		rows[i] = []string{stepName(step.At, p)}
	}
	for _, b := range bands {
		line := Line{Class: b.class}
		for i, step := range at {
			value := b.of(step)
			if value < 0 {
				rows[i] = append(rows[i], "none")
				c.Lines, line = c.add(line), Line{Class: b.class}
				continue
			}
			rows[i] = append(rows[i], percent(value))
			line.Points = append(line.Points, Point{X: tenth(c.middle(i, len(at))), Y: tenth(c.Plot.Y + c.Plot.Height - c.height(value, 1)),
				Title: stepName(step.At, p) + ": " + percent(value) + " " + b.name})
		}
		c.Lines = c.add(line)
	}
	c.Rows = rows
	c.name(bands)
}

func (c *Chart) add(l Line) []Line {
	if len(l.Points) == 0 {
		return c.Lines
	}
	return append(c.Lines, l)
}

// charts are those of the page: calls, rates, and money by currency.
func charts(v *Overview) []*Chart {
	counted := func(of func(ledger.Figures) int64) func(Step) float64 {
		return func(s Step) float64 { return float64(of(s.Figures)) }
	}
	whole := func(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
	by := "by the hour"
	if v.Period.Days > 1 {
		by = "by the day"
	}
	calls := newChart("chart-calls", "Calls "+by, "Columns of the calls that were ordered, divided by what became of them.", v.Steps, v.Period)
	calls.stacked(v.Steps, v.Period, []band{
		{"confirmed", "confirmed", counted(func(f ledger.Figures) int64 { return f.Confirmed })},
		{"unconfirmed", "not confirmed", counted(func(f ledger.Figures) int64 {
			return f.Expired + f.Exhausted + f.Refused + f.Replaced + f.Unknown
		})},
		{"failed", "failed or never sent", counted(func(f ledger.Figures) int64 { return f.Failed + f.Unsent })},
		{"underway", "underway", counted(func(f ledger.Figures) int64 { return f.Underway })},
	}, whole)
	rates := newChart("chart-rates", "Answered and confirmed "+by, "Lines of the share of calls that rang, and of those whose code was typed.", v.Steps, v.Period)
	rates.lined(v.Steps, v.Period, []band{
		{"answered", "answered", func(s Step) float64 { return RatesOf(s.Figures).Answered }},
		{"confirmed", "confirmed", func(s Step) float64 { return RatesOf(s.Figures).Confirmed }},
	})
	all := []*Chart{calls, rates}
	for _, m := range v.Money {
		currency := m.Currency
		chart := newChart("chart-money-"+strings.ToLower(currency), strings.TrimSpace("Money "+by+" "+currency), "Columns of what the calls cost.", v.Steps, v.Period)
		chart.stacked(v.Steps, v.Period, []band{{"money", strings.TrimSpace("spent " + currency), func(s Step) float64 { return float64(s.Spent[currency]) }}},
			func(n float64) string { return decimal(int64(n)) })
		all = append(all, chart)
	}
	return slices.Clip(all)
}
