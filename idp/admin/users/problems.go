package users

import (
	"net/http"

	"github.com/ringtail-id/ringtail/idp"
)

// IDs of the problems that this section tells of.
const (
	problemTaken         = "user_login_taken"       // another user has the login; 409
	problemLogin         = "user_login_invalid"     // no login that anybody may have; 422
	problemAdministrator = "user_is_administrator"  // who appoints administrators alone changes their accounts; 403
	problemOwn           = "user_own_account"       // nobody blocks or deletes themselves; 409
	problemHasRoles      = "user_has_roles"         // an administrator isn't deleted; 409
	problemName          = "user_attribute_name"    // no name of an attribute; 422. Args: name
	problemValue         = "user_attribute_value"   // a value too long, or with characters that can't be seen; 422. Args: name, max
	problemMany          = "user_attribute_many"    // more attributes than a user may have; 422. Args: max
	problemGuarded       = "user_attribute_guarded" // the provider sets it by itself; 422. Args: name
	problemRoleAttribute = "user_attribute_roles"   // who appoints administrators alone sets it; 403. Args: name
	problemPhone         = "user_phone_invalid"     // no telephone number; 422
	problemFactor        = "user_factor_invalid"    // neither 0, 1 nor 2; 422
	problemNoPassword    = "user_no_password"       // there is none that could be changed; 409
	problemMethod        = "user_method_unknown"    // no such method, or nothing of it to reset; 404
	problemNoNumber      = "user_number_uncallable" // there is no number that could be called; 409
	problemSession       = "user_session_unknown"   // the user has no such session; 404
	problemAccess        = "user_access_unknown"    // the application has no access; 404
	problemCursor        = "user_cursor_invalid"    // no place in the list; 400
	problemFile          = "user_import_file"       // no CSV that can be read; 422. Args: line
	problemLarge         = "user_import_large"      // more lines than are taken at once; 413. Args: max
	problemFaults        = "user_import_faults"     // some lines can't be imported, so none is; 422. Args: n
	problemColumn        = "user_import_column"     // a column that is no attribute, or stands twice; 422. Args: name
	problemTwice         = "user_import_twice"      // the login stands in an earlier line too; 422
	problemCell          = "user_import_cell"       // a cell that means nothing; 422. Args: name
	problemHash          = "user_import_hash"       // no hash that passwords can be compared with; 422
	problemStaged        = "user_import_unknown"    // the file isn't there any more; 404
)

func problem(id string, status int) *idp.Problem { return &idp.Problem{ID: id, Status: status} }

// invalid is a problem of one field.
func invalid(id, field string, args map[string]any) *idp.Problem {
	return &idp.Problem{ID: id, Status: http.StatusUnprocessableEntity, Field: field, Args: args}
}
