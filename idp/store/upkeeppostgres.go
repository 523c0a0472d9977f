package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
)

// postgresUpkeep is the upkeep of the database that the configuration leads to.
type postgresUpkeep struct {
	config *pgx.ConnConfig
	name   string
}

func (u postgresUpkeep) place() string {
	return fmt.Sprintf("%s:%d/%s", u.config.Host, u.config.Port, u.config.Database)
}

func (u postgresUpkeep) exists(ctx context.Context) (err error) {
	db := connectPostgres(u.config, 1, nil)
	defer func() { err = errors.Join(err, db.Close()) }()
	var there bool
	if err := db.GetContext(ctx, &there, `SELECT to_regclass('goose_db_version') IS NOT NULL`); err != nil {
		return err
	}
	if !there {
		return fmt.Errorf("there is no database of Ringtail in %s", u.name)
	}
	return nil
}

// openRead has transactions that see one moment, as SQLite's do.
func (u postgresUpkeep) openRead(ctx context.Context) (*sqlx.DB, error) {
	if err := u.exists(ctx); err != nil {
		return nil, err
	}
	return connectPostgres(u.config, 1, map[string]string{
		"default_transaction_read_only": "on", "default_transaction_isolation": "repeatable read",
	}), nil
}

// text is what the driver stores in place of what PostgreSQL can't.
func (postgresUpkeep) text(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

func (postgresUpkeep) tables(ctx context.Context, q sqlx.QueryerContext) ([]table, error) {
	var columns []struct {
		Table string `db:"table_name"`
		column
	}
	err := sqlx.SelectContext(ctx, q, &columns, `SELECT c.table_name::text AS table_name, c.column_name::text AS name,
		CASE c.data_type WHEN 'bigint' THEN 'integer' WHEN 'smallint' THEN 'integer' WHEN 'bytea' THEN 'blob'
			WHEN 'double precision' THEN 'real' ELSE c.data_type END AS kind
		FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
		WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
		AND c.table_name NOT LIKE 'goose\_%' AND c.table_name <> 'moves'
		ORDER BY c.table_name::text COLLATE "C", c.column_name::text COLLATE "C"`)
	if err != nil {
		return nil, err
	}
	var all []table
	for _, c := range columns {
		if len(all) == 0 || all[len(all)-1].name != c.Table {
			all = append(all, table{name: c.Table})
		}
		last := &all[len(all)-1]
		last.columns = append(last.columns, c.column)
	}
	for i := range all {
		err := sqlx.SelectContext(ctx, q, &all[i].needs, `SELECT DISTINCT confrelid::regclass::text FROM pg_constraint
			WHERE contype = 'f' AND conrelid = to_regclass($1)`, quoted(all[i].name))
		if err != nil {
			return nil, err
		}
	}
	return byNeed(all)
}

// hold lets others read. They may hold rows that they read, which they then fail
// to change. The other side may take long with what it read, and this one must go on
// holding; but not for the hours that TCP waits where the whole machine has gone.
func (postgresUpkeep) hold(ctx context.Context, tx *sqlx.Tx, tables []table) error {
	for _, statement := range []string{
		`SET LOCAL idle_in_transaction_session_timeout = 0`,
		`SET LOCAL tcp_keepalives_idle = 10`, `SET LOCAL tcp_keepalives_interval = 5`, `SET LOCAL tcp_keepalives_count = 4`, // seconds, seconds, times
		`LOCK TABLE ` + listed(tables) + ` IN SHARE ROW EXCLUSIVE MODE`,
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// strip takes references off as well: to check them row by row keeps a note of
// each row until the end.
func (postgresUpkeep) strip(ctx context.Context, tx *sqlx.Tx) ([]string, error) {
	var found []struct {
		Drop    string `db:"drop_it"`
		Restore string `db:"restore_it"`
	}
	err := tx.SelectContext(ctx, &found, `SELECT drop_it, restore_it FROM (
		SELECT 1 AS place, 'DROP TRIGGER ' || quote_ident(tgname) || ' ON ' || tgrelid::regclass AS drop_it, pg_get_triggerdef(tg.oid) AS restore_it
			FROM pg_trigger tg JOIN pg_class r ON r.oid = tgrelid WHERE NOT tgisinternal AND r.relnamespace = current_schema()::regnamespace
		UNION ALL SELECT 3, 'ALTER TABLE ' || conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(conname),
			'ALTER TABLE ' || conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid)
			FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
		UNION ALL SELECT 2, 'DROP INDEX ' || indexrelid::regclass, pg_get_indexdef(indexrelid)
			FROM pg_index i JOIN pg_class r ON r.oid = i.indrelid
			WHERE r.relnamespace = current_schema()::regnamespace AND r.relkind = 'r' AND r.relname NOT LIKE 'goose\_%' AND r.relname <> 'moves'
			AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
		) AS parts ORDER BY place, drop_it`)
	if err != nil {
		return nil, err
	}
	var restore []string
	for _, f := range found {
		if _, err := tx.ExecContext(ctx, f.Drop); err != nil {
			return nil, err
		}
		restore = append(restore, f.Restore)
	}
	return restore, nil
}

// erase gives the tables files of their own: those of a move that is killed go with
// its transaction, where rows of it would fill the disk until a VACUUM FULL.
func (postgresUpkeep) erase(ctx context.Context, tx *sqlx.Tx, tables []table) error {
	_, err := tx.ExecContext(ctx, `TRUNCATE `+listed(tables))
	return err
}

// listed are the tables' names as SQL takes them.
func listed(tables []table) string {
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = quoted(t.name)
	}
	return strings.Join(names, ", ")
}

// load uses COPY on the connection of the transaction.
func (postgresUpkeep) load(ctx context.Context, c *sqlx.Conn, _ *sqlx.Tx, t table, next func() ([]any, error)) error {
	names := make([]string, len(t.columns))
	for i, column := range t.columns {
		names[i] = column.Name
	}
	return c.Raw(func(raw any) error {
		conn, ok := raw.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("the connection is %T", raw)
		}
		_, err := conn.Conn().CopyFrom(ctx, pgx.Identifier{t.name}, names, pgx.CopyFromFunc(next))
		return err
	})
}

func (postgresUpkeep) seal(ctx context.Context, tx *sqlx.Tx, tables []table, message string) error {
	for _, t := range tables {
		_, err := tx.ExecContext(ctx, fmt.Sprintf(`CREATE TRIGGER %s BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s
			FOR EACH STATEMENT EXECUTE FUNCTION refuse_change(%s)`, quoted(sealPrefix+t.name), quoted(t.name), literal(message)))
		if err != nil {
			return err
		}
	}
	return nil
}

// settle gives the planner its statistics, without which the first hour is slow.
func (postgresUpkeep) settle(ctx context.Context, c *sqlx.Conn) error {
	_, err := c.ExecContext(ctx, `VACUUM (ANALYZE)`)
	return err
}

// faults reads every row, which finds pages that the server's checksums refuse,
// and asks for indices and references that don't hold.
func (u postgresUpkeep) faults(ctx context.Context, tx *sqlx.Tx) ([]Fault, error) {
	var invalid []string
	err := tx.SelectContext(ctx, &invalid, `SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid
		UNION ALL SELECT conname::text FROM pg_constraint WHERE NOT convalidated`)
	if err != nil {
		return nil, err
	}
	var faults []Fault
	for _, name := range invalid {
		faults = append(faults, Fault{Check: "integrity", What: name + " is not valid"})
	}
	tables, err := u.tables(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		var rows int64
		// OFFSET 0 keeps the planner from counting without making the text.
		if err := tx.GetContext(ctx, &rows, `SELECT count(*) FROM (SELECT t::text AS line FROM `+quoted(t.name)+` t OFFSET 0) AS lines WHERE line IS NOT NULL`); err != nil {
			return nil, fmt.Errorf("reading the table %s: %w", t.name, err)
		}
	}
	orphans, err := orphansInPostgres(ctx, tx)
	return append(faults, orphans...), err
}

// orphansInPostgres looks for rows that refer to others that aren't there: a
// superuser can switch the check off, as some restores do. All references of the
// schema are of one column.
func orphansInPostgres(ctx context.Context, tx *sqlx.Tx) (faults []Fault, err error) {
	var references []struct {
		Table  string `db:"from_table"`
		Column string `db:"from_column"`
		To     string `db:"to_table"`
		Key    string `db:"to_column"`
	}
	err = tx.SelectContext(ctx, &references, `SELECT conrelid::regclass::text AS from_table, f.attname::text AS from_column,
		confrelid::regclass::text AS to_table, k.attname::text AS to_column FROM pg_constraint c
		JOIN pg_attribute f ON f.attrelid = c.conrelid AND f.attnum = c.conkey[1]
		JOIN pg_attribute k ON k.attrelid = c.confrelid AND k.attnum = c.confkey[1]
		WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace ORDER BY 1, 2`)
	if err != nil {
		return nil, err
	}
	for _, r := range references {
		var some bool
		err := tx.GetContext(ctx, &some, fmt.Sprintf(`SELECT EXISTS (SELECT 1 FROM %s f WHERE NOT EXISTS (SELECT 1 FROM %s k WHERE k.%s = f.%s))`,
			r.Table, r.To, quoted(r.Key), quoted(r.Column)))
		if err != nil {
			return nil, err
		}
		if some {
			faults = append(faults, Fault{Check: "references", What: fmt.Sprintf("rows of the table %s refer to others that aren't there", r.Table)})
		}
	}
	return faults, nil
}
