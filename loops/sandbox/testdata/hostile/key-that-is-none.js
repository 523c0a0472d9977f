// A private key that is none, whose text must not be told.
// reasons: contract
function run() { return crypto.rs256("-----BEGIN RSA PRIVATE KEY-----\n/etc/passwd\n-----END RSA PRIVATE KEY-----", "x"); }
