// @ts-check
// A button that copies a paper's BibTeX or RIS. Without this script the entry can still be read, selected and downloaded.
"use strict";

{
  /** @param {string} text */
  async function copyText(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  }

  /** @param {Element} element */
  function selectAll(element) {
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = getSelection();
    selection?.removeAllRanges();
    selection?.addRange(range);
  }

  for (const code of document.querySelectorAll(".highlight-bibtex pre")) {
    const holder = /** @type {HTMLElement} */ (code.closest(".highlight-bibtex"));
    const fold = /** @type {HTMLDetailsElement | null} */ (code.closest("details.entries"));
    const offer = `Copy ${holder.dataset.copy ?? "BibTeX"}`;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy-bibtex";
    button.textContent = offer;
    button.addEventListener("click", async () => {
      const copied = await copyText(code.textContent ?? "");
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
  for (const holder of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-file]"))) {
    const link = document.createElement("a");
    link.download = holder.dataset.file ?? "";
    link.href = `data:text/plain;charset=utf-8,${encodeURIComponent(holder.querySelector("pre")?.textContent ?? "")}`;
    link.textContent = `${holder.dataset.copy} as a file`;
    const line = document.createElement("p");
    line.append(link);
    holder.after(line);
  }
  // Wide blocks scroll sideways inside themselves; the keyboard must reach them too.
  for (const box of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".pst-scrollable-table-container, .highlight pre, .bd-article figure"))) {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
    }
  }

  // An old address of a part that has moved goes on to where the part stands now.
  function followMoved() {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (place?.matches("p.moved")) {
      location.replace(/** @type {HTMLAnchorElement} */ (place.querySelector("a")).href);
    }
  }
  addEventListener("hashchange", followMoved);
  followMoved();

  // What an address leads into is unfolded, and on paper nothing stays folded.
  /** @param {Element | null} place */
  function unfold(place) {
    /** @type {HTMLDetailsElement[]} */
    const folds = [];
    for (let fold = place?.closest("details.fold"); fold; fold = fold.parentElement?.closest("details.fold")) {
      folds.push(/** @type {HTMLDetailsElement} */ (fold));
    }
    if (folds.some((fold) => !fold.open)) {
      folds.forEach((fold) => { fold.open = true; });
      place?.scrollIntoView();
    }
  }
  /** @param {string} hash */
  const addressed = (hash) => document.getElementById(decodeURIComponent(hash.slice(1)));
  const unfoldAddressed = () => unfold(addressed(location.hash));
  addEventListener("hashchange", unfoldAddressed);
  unfoldAddressed();
  // A link to the place where one is already changes no address.
  document.addEventListener("click", (event) => {
    const link = /** @type {HTMLAnchorElement | null} */ (event.target instanceof Element ? event.target.closest('a[href^="#"]') : null);
    if (link) {
      unfold(addressed(link.hash));
    }
  });
  document.querySelectorAll("nav .has-children > details > summary").forEach((toggle) => toggle.setAttribute("aria-label", "Its chapters"));
  const onPaper = matchMedia("print");
  /** @type {HTMLDetailsElement[]} */
  let unfolded = [];
  function unfoldForPaper() {
    if (onPaper.matches) {
      unfolded = /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll("details.fold:not([open])")]);
    }
    unfolded.forEach((fold) => { fold.open = onPaper.matches; });
    unfolded = onPaper.matches ? unfolded : [];
  }
  onPaper.addEventListener("change", unfoldForPaper);

  // The other language leads to the same place of the same page, with the same question.
  const otherLanguage = /** @type {HTMLAnchorElement | null} */ (document.querySelector("a.other-language"));
  otherLanguage?.addEventListener("click", () => {
    otherLanguage.search = location.search;
    otherLanguage.hash = location.hash;
  });

  // On this page: the section that is read at a third of the window is marked. The theme marks a section only while its
  // first lines come into view, so that it stays behind where one scrolls fast; it finds its list by the name taken here.
  const contents = document.getElementById("pst-page-toc-nav");
  if (contents) {
    contents.removeAttribute("id");
    const links = /** @type {HTMLAnchorElement[]} */ ([...contents.querySelectorAll("a")]);
    const sections = links.flatMap((link) => addressed(link.hash) ?? []);
    let waiting = false;
    const markSection = () => {
      waiting = false;
      const passed = sections.filter((section) => section.getBoundingClientRect().top < innerHeight / 3).length;
      const atEnd = scrollY > 0 && scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
      const here = sections.length === links.length ? (atEnd ? links.length : passed) - 1 : -1;
      links.forEach((link, i) => {
        link.classList.toggle("active", i === here);
        if (i === here) {
          link.setAttribute("aria-current", "true");
        } else {
          link.removeAttribute("aria-current");
        }
      });
      contents.querySelectorAll(".toc-entry").forEach((entry) => entry.classList.toggle("active", entry.contains(links[here] ?? null)));
    };
    addEventListener("scroll", () => {
      if (!waiting) {
        waiting = true;
        requestAnimationFrame(markSection);
      }
    }, { passive: true });
  }

  survey.share({ copyText });
}
