package store

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/jmoiron/sqlx/reflectx"
)

// plans remember what each query's columns and names mean for each type, which
// takes longer to find out than most queries take. A program has a few hundred.
type plans struct {
	mapper *reflectx.Mapper
	rows   sync.Map // of planKey to *rowPlan
	named  sync.Map // of planKey to *namedPlan
}

type planKey struct {
	of    reflect.Type
	query string
}

func newPlans() *plans {
	return &plans{mapper: reflectx.NewMapperFunc("db", strings.ToLower)}
}

// rowPlan says where the columns of a query go.
type rowPlan struct {
	columns []string
	fields  []fieldPlan // nil where the row is one value
}

// fieldPlan says where a column goes.
type fieldPlan struct {
	path  []int
	scans bool // it is a sql.Scanner
}

// row is the plan for rows of the query in the type.
func (p *plans) row(of reflect.Type, query string, rows driver.Rows) (*rowPlan, error) {
	key := planKey{of, query}
	if known, ok := p.rows.Load(key); ok {
		return known.(*rowPlan), nil
	}
	plan := &rowPlan{columns: rows.Columns()}
	if of.Kind() == reflect.Struct && !scans(of) {
		fields, err := p.paths(of, plan.columns)
		if err != nil {
			return nil, err
		}
		plan.fields = make([]fieldPlan, len(fields))
		for i, path := range fields {
			plan.fields[i] = fieldPlan{path, scans(of.FieldByIndex(path).Type)}
		}
	} else if len(plan.columns) != 1 {
		return nil, fmt.Errorf("%d columns can't go into one %v", len(plan.columns), of)
	}
	p.rows.Store(key, plan)
	return plan, nil
}

// scans says whether a field of the type is a sql.Scanner.
func scans(field reflect.Type) bool {
	return reflect.PointerTo(field).Implements(reflect.TypeFor[sql.Scanner]())
}

func (p *plans) paths(of reflect.Type, names []string) ([][]int, error) {
	fields := p.mapper.TypeMap(of)
	paths := make([][]int, len(names))
	for i, name := range names {
		field := fields.GetByPath(name)
		if field == nil {
			return nil, fmt.Errorf("%v has no field for %s", of, name)
		}
		paths[i] = field.Index
	}
	return paths, nil
}

// fill puts a row into v.
func (p *rowPlan) fill(v reflect.Value, row []driver.Value) error {
	if p.fields == nil {
		return put(v, scans(v.Type()), row[0])
	}
	for i, f := range p.fields {
		if err := put(v.FieldByIndex(f.path), f.scans, row[i]); err != nil {
			return fmt.Errorf("column %s: %w", p.columns[i], err)
		}
	}
	return nil
}

// put converts as database/sql does, as far as columns here need it.
func put(field reflect.Value, scans bool, value driver.Value) error {
	if scans {
		return field.Addr().Interface().(sql.Scanner).Scan(value)
	}
	switch v := value.(type) {
	case string:
		if field.Kind() == reflect.String {
			field.SetString(v)
			return nil
		}
	case int64:
		switch {
		case field.CanInt() && !field.OverflowInt(v):
			field.SetInt(v)
			return nil
		case field.Kind() == reflect.Bool && v>>1 == 0:
			field.SetBool(v == 1)
			return nil
		case field.Kind() == reflect.String: // as pragmas are read
			field.SetString(strconv.FormatInt(v, 10))
			return nil
		}
	case float64:
		if field.CanFloat() {
			field.SetFloat(v)
			return nil
		}
	case bool:
		if field.Kind() == reflect.Bool {
			field.SetBool(v)
			return nil
		}
	case []byte:
		if field.Kind() == reflect.Slice && field.Type().Elem().Kind() == reflect.Uint8 {
			field.SetBytes(v)
			return nil
		}
	}
	return fmt.Errorf("a %T can't go into a %v", value, field.Type())
}

// namedPlan is a query whose :names became "?".
type namedPlan struct {
	query  string
	fields [][]int
}

// bind turns a query with :names into one with "?" and its arguments, taken from
// row's db tags.
func (p *plans) bind(query string, row any) (string, []any, error) {
	v := reflect.Indirect(reflect.ValueOf(row))
	key := planKey{v.Type(), query}
	known, ok := p.named.Load(key)
	if !ok {
		positional, names := positions(query)
		fields, err := p.paths(v.Type(), names)
		if err != nil {
			return "", nil, err
		}
		known = &namedPlan{positional, fields}
		p.named.Store(key, known)
	}
	plan := known.(*namedPlan)
	args := make([]any, len(plan.fields))
	for i, path := range plan.fields {
		args[i] = v.FieldByIndex(path).Interface()
	}
	return plan.query, args, nil
}

// positions replaces each :name by "?". Queries here have no ":" elsewhere.
func positions(query string) (positional string, names []string) {
	parts := strings.Split(query, ":")
	var b strings.Builder
	b.WriteString(parts[0])
	for _, part := range parts[1:] {
		end := strings.IndexFunc(part, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') && (r < '0' || r > '9') })
		if end < 0 {
			end = len(part)
		}
		names = append(names, part[:end])
		b.WriteString("?" + part[end:])
	}
	return b.String(), names
}
