// An endless loop in the script.
// reasons: time
function run() { for (;;) {} }
