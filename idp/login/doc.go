// Package login owns the login as one state machine (Next), its pages and
// their JSON twin.
//
// It does not own how a method proves anything (factors), what the relying
// party is told (idp/oidc), the cookie (idp/browser), or HTML and texts
// (templates).
//
// # One address
//
// A login lives at {base}/login/{id}. GET shows the step that Next names: it
// proves nothing, places no call and spends no attempt. The one thing it may
// change is a login that needs no more of the person (signed in already, or
// prompt=none), which it ends: the login is done or denied, the browser's
// session goes on or begins, and the browser is sent to the callback of
// idp/oidc. Doing that again changes nothing more.
//
// POST answers the step, records a fact and redirects back with 303; at the end
// it redirects to the callback of idp/oidc. Every page holds a fresh form id
// (field form) that counts once, and the name of its step (field step): an
// answer to a step that is over is not acted on. Both may be left out.
//
// Posts of one login wait for each other, and what a post began is finished
// even when the browser hangs up. So reload, back button, second tab and double
// click never place a call, spend an attempt twice or lose the login.
//
// Fields are those of the step's method (login and password; phone, where a call
// is the first factor; code or caller). Actions go into the field action: resend,
// sms, voice and not_mine, as far as the method's view offers them, other (choose
// another method), cancel (access_denied), and on the consent page allow, which
// takes the field for: it ties the answer to what that page showed. The
// choose step takes the field method.
//
// # A confirmed number
//
// A request may ask for the class idp.ACRPhone. Next then asks for a call whatever
// was proved otherwise, as second factor where it can be one and as one more first
// factor where not. A proof that names the number it reached is handed to
// Options.ConfirmPhone.
//
// # JSON
//
// A request with "Accept: application/json" gets a Twin, and may post JSON (an
// object of strings) as well as a form:
//
//	GET  /blitz/login/ID                                       {"login":"ID","step":"password","form":"F1","actions":["cancel"],..}
//	POST {"form":"F1","login":"demo","password":".."}          {"login":"ID","step":"flashCall","state":"calling","refresh_millis":1000,
//	                                                            "values":{"phone":"+7 999 ***-**-01","code_length":4},"form":"F2",..}
//	POST {"form":"F2","code":"0421"}                           {"login":"ID","step":"done","redirect_to":"https://../callback?id=ID"}
//
// Status codes are those of the pages: 200 where all is well, and a problem's
// own status with the step as it stands and
// "problem":{"id","text","hint","field"} where not. Instead of redirecting, the
// answer names redirect_to, which is to be opened with the cookies of the
// login. Times in values are RFC 3339.
package login
