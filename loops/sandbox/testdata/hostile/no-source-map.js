// A source map that is a file.
// reasons: contract
function run() { return 1; }
//# sourceMappingURL=/etc/passwd
