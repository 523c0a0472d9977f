// Intl, which would read the server's locale.
// reasons: contract
function run() { return new Intl.DateTimeFormat().resolvedOptions().timeZone; }
