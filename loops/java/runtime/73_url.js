// URLEncoder and URLDecoder.

j.Url = {
  encode: (s, cs) => Array.from(s).map((c) => (/[A-Za-z0-9.*_-]/.test(c) ? c : c === " " ? "+"
    : Array.from(j.Bytes.of(c, cs), (b) => "%" + (b & 255).toString(16).toUpperCase().padStart(2, "0")).join(""))).join(""),
  decode(s, cs) {
    return s.replace(/\+/g, " ").replace(/(%[0-9a-fA-F]{2})+|%.{0,2}/gs, (run) => {
      if (!/^(%[0-9a-fA-F]{2})+$/.test(run)) {
        fail(ex.IllegalArgumentException, run.length < 3 ? "URLDecoder: Incomplete trailing escape (%) pattern"
          : 'URLDecoder: Illegal hex characters in escape (%) pattern - Error at index 0 in: "' + run.slice(1) + '"');
      }
      return j.Bytes.text(fromHex(run.replace(/%/g, "")), cs);
    });
  },
};
