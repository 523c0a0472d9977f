// A getter in the value of Ok that never returns.
// reasons: time
function run() { return HttpLoop.Ok({ get code() { for (;;) {} } }); }
