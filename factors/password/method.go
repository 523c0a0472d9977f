package password

// Form fields.
const (
	FieldLogin    = "login"
	FieldPassword = "password"
)
