// Dates parsed without end.
// reasons: time
function run() { for (;;) Date.parse("Tue, 03 Mar 2026 12:00:00 GMT+0300"); }
