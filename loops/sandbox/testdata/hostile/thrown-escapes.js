// A thrown Error whose message holds terminal escapes and line breaks.
// reasons: contract
function run() { throw new Error("\u001b[2Jlevel=INFO\r\nmsg=signed-in\u0000"); }
