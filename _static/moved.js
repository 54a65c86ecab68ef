// @ts-check
// The calculator moved from the chapter on costs to a page of its own; an address that holds one of its choices leads there.
"use strict";

{
  function followChoice() {
    if (new URLSearchParams(location.hash.slice(1)).get("method")) {
      location.replace(`fit.html${location.hash}`);
    }
  }

  addEventListener("hashchange", followChoice);
  followChoice();
}
