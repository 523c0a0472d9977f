// A login token, for a driver without a login.
// reasons: contract
function run() { return tokens.get(); }
