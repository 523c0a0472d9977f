// An endless loop outside of any function, while the script is loaded.
// reasons: time
for (;;) {}
function run() {}
