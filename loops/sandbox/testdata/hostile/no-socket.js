// The network through XMLHttpRequest and WebSocket.
// reasons: contract
function run() {
  try {
    return new WebSocket("ws://127.0.0.1/");
  } catch (e) {
    return new XMLHttpRequest();
  }
}
