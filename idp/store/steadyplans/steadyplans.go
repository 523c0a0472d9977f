// Package steadyplans has SQLite keep a statement's plan whatever is bound to it.
//
// Otherwise SQLite (from 3.51 on) notes for nearly every "column = ?" that another
// value might deserve another plan, and the driver, which clears what was bound
// before it keeps a statement, makes it plan anew at each use: several times what
// finding a row by its key costs. Our plans follow from keys, not from values.
//
// It owns that one switch, the query planner stability guarantee
// (https://sqlite.org/queryplanner-ng.html#qpsg); it opens no database.
package steadyplans

/*
#cgo linux LDFLAGS: -Wl,--unresolved-symbols=ignore-in-object-files
#cgo darwin LDFLAGS: -Wl,-undefined,dynamic_lookup

// Of the SQLite that github.com/mattn/go-sqlite3 brings along.
int sqlite3_auto_extension(void (*entry)(void));
int sqlite3_db_config(void *db, int op, ...);

#define SQLITE_DBCONFIG_ENABLE_QPSG 1007

static int steady(void *db, char **message, const void *api) {
	(void)message;
	(void)api;
	return sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_QPSG, 1, (int *)0);
}

static int keep(void) { return sqlite3_auto_extension((void (*)(void))steady); }
*/
import "C"

import "fmt"

// Keep has every connection that this process opens from now on keep its plans.
// Called again it does nothing more. The error is SQLite's code.
func Keep() error {
	if code := C.keep(); code != 0 {
		return fmt.Errorf("having SQLite keep its plans: code %d", int(code))
	}
	return nil
}
