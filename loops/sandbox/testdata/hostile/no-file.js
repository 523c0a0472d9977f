// A file through require.
// reasons: contract
function run() { return require("fs"); }
