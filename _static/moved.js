// @ts-check
// The calculator and its tables moved from the chapter on costs to a page of their own; old addresses lead there.
"use strict";

const MOVED = ["#calculator", "#tbl-typical-vit", "#tbl-typical-bart", "#tbl-typical-llava", "#tbl-typical-clip"];

function followMoved() {
  if (MOVED.includes(location.hash) || new URLSearchParams(location.hash.slice(1)).get("method")) {
    location.replace(`fit.html${location.hash === "#calculator" ? "" : location.hash}`);
  }
}

followMoved();
addEventListener("hashchange", followMoved);
