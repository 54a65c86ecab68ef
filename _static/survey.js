// A button that copies a paper's BibTeX or RIS. Without this script the entry can still be read, selected and downloaded.
"use strict";

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function selectAll(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

for (const code of document.querySelectorAll(".highlight-bibtex pre")) {
  const holder = code.closest(".highlight-bibtex");
  const fold = code.closest("details.entries");
  const offer = `Copy ${holder.dataset.copy ?? "BibTeX"}`;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy-bibtex";
  button.textContent = offer;
  button.addEventListener("click", async () => {
    const copied = await copyText(code.textContent);
    if (!copied) {
      if (fold) {
        fold.open = true;
      }
      selectAll(code);
    }
    button.textContent = copied ? "Copied" : "Selected: press Ctrl+C";
    setTimeout(() => { button.textContent = offer; }, 2500);
  });
  if (fold) {
    fold.before(button); // one click copies what is folded away
  } else {
    holder.append(button);
  }
}
// Wide blocks scroll sideways inside themselves; the keyboard must reach them too.
for (const box of document.querySelectorAll(".pst-scrollable-table-container, .highlight pre, .bd-article figure")) {
  if (box.scrollWidth > box.clientWidth) {
    box.tabIndex = 0;
  }
}

// An old address of a part that has moved goes on to where the part stands now.
function followMoved() {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (place?.matches("p.moved")) {
    location.replace(place.querySelector("a").href);
  }
}
addEventListener("hashchange", followMoved);
followMoved();

// What an address leads into is unfolded, and on paper nothing stays folded.
function unfold(place) {
  const folds = [];
  for (let fold = place?.closest("details.fold"); fold; fold = fold.parentElement.closest("details.fold")) {
    folds.push(fold);
  }
  if (folds.some((fold) => !fold.open)) {
    folds.forEach((fold) => { fold.open = true; });
    place.scrollIntoView();
  }
}
function unfoldAddressed() {
  unfold(document.getElementById(decodeURIComponent(location.hash.slice(1))));
}
addEventListener("hashchange", unfoldAddressed);
unfoldAddressed();
// A link to the place where one is already changes no address.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#"]');
  if (link) {
    unfold(document.getElementById(decodeURIComponent(link.hash.slice(1))));
  }
});
const onPaper = matchMedia("print");
let unfolded = [];
function unfoldForPaper() {
  if (onPaper.matches) {
    unfolded = [...document.querySelectorAll("details.fold:not([open])")];
    unfolded.forEach((fold) => { fold.open = true; });
  } else {
    unfolded.forEach((fold) => { fold.open = false; });
    unfolded = [];
  }
}
onPaper.addEventListener("change", unfoldForPaper);
