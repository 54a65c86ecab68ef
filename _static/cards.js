// @ts-check
// A card beside a citation that is hovered or focused: title, authors, venue and family. Without this script the link
// has a plain tooltip and leads to the same facts. The data come as a script on first use, since a page opened from
// disk may not fetch; `data-catalogue` says where, beside this script.
"use strict";

{
  const SCRIPT = /** @type {HTMLScriptElement} */ (document.currentScript);
  const LINKS = ".bd-article a.cite";
  const SHOW_AFTER = 250, HIDE_AFTER = 250; // ms: a pointer that only passes opens nothing, and it may move onto the card
  const MOST_AUTHORS = 3;

  /** @type {Promise<Columns<Work>[]> | undefined} */
  let works; // those that are classified, and those that are cited alone
  /** @type {HTMLElement | undefined} */
  let card;
  /** @type {HTMLAnchorElement | undefined} */
  let current;
  let timer = 0;

  function loadedWorks() {
    const { catalogue, authors, works: addresses } = SCRIPT.dataset;
    const papers = Promise.all([load(catalogue, () => survey.data.catalogue), load(authors, () => survey.data.authors)]);
    return Promise.all([papers.then(([known, others]) => survey.unpackedPapers(known, others)), load(addresses, () => survey.data.works)]);
  }

  /** @template Data @param {string | undefined} address @param {() => Data | undefined} read @returns {Promise<Data>} */
  function load(address, read) {
    return new Promise((resolve, reject) => {
      const found = read();
      if (found) {
        resolve(found); // the explorer has loaded it
        return;
      }
      const script = document.createElement("script");
      script.src = new URL(String(address), SCRIPT.src).href;
      script.addEventListener("load", () => resolve(/** @type {Data} */ (read())));
      script.addEventListener("error", () => reject(new Error("The catalogue could not be loaded.")));
      document.head.append(script);
    });
  }

  /* The work that a link cites, by the key in its address: that of a page, or of an entry in the list of references. */
  /** @param {HTMLAnchorElement} link @param {Columns<Work>[]} works @returns {Work | undefined} */
  function cited(link, works) {
    const key = /\/papers\/([^/]+)\.html$/.exec(link.pathname)?.[1] ?? link.hash.replace(/^#ref-/, "");
    for (const columns of works) {
      const row = columns.key.indexOf(key);
      if (row >= 0) {
        return /** @type {Work} */ (/** @type {unknown} */ (Object.fromEntries(Object.entries(columns).map(([field, column]) => [field, column[row]]))));
      }
    }
    return undefined;
  }

  /** @param {string} className @param {string} text */
  function line(className, text) {
    const paragraph = document.createElement("p");
    paragraph.className = className;
    paragraph.textContent = text;
    return paragraph;
  }

  /** @param {HTMLElement} card @param {Work} work */
  function fill(card, work) {
    const authors = work.authors.slice(0, MOST_AUTHORS).join(", ") + (work.authors.length > MOST_AUTHORS ? " et al." : "");
    const where = [work.venue, work.year].filter(Boolean).join(" ");
    const what = [work.name, work.family].filter(Boolean).join(" · ");
    card.replaceChildren(line("card-title", work.title), line("card-authors", authors), line("card-where", where));
    if (what) {
      card.append(line("card-what", what));
    }
  }

  /* Below the part of the link that the reader points at, above it where there is no room; never out of the window. */
  /** @param {HTMLElement} card @param {HTMLAnchorElement} link */
  function place(card, link) {
    const box = link.getClientRects()[0];
    const { width, height } = card.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left, document.documentElement.clientWidth - width - 8));
    const below = box.bottom + 4 + height <= window.innerHeight || box.top - 4 - height < 0;
    card.style.left = `${left + window.scrollX}px`;
    card.style.top = `${(below ? box.bottom + 4 : box.top - 4 - height) + window.scrollY}px`;
  }

  function makeCard() {
    const card = document.createElement("div");
    card.className = "citation-card";
    card.id = "citation-card";
    card.role = "tooltip";
    card.hidden = true;
    card.addEventListener("pointerenter", () => clearTimeout(timer));
    card.addEventListener("pointerleave", () => later(hide, HIDE_AFTER));
    document.body.append(card);
    return card;
  }

  /** @param {() => void} action @param {number} delay */
  function later(action, delay) {
    clearTimeout(timer);
    timer = window.setTimeout(action, delay);
  }

  /** @param {HTMLAnchorElement} link */
  async function show(link) {
    let work;
    try {
      work = cited(link, await (works ??= loadedWorks()));
    } catch {
      return; // the plain tooltip says it too
    }
    if (!work || !wanted(link)) {
      return;
    }
    hide();
    card ??= makeCard();
    current = link;
    fill(card, work);
    link.dataset.tooltip = link.title;
    link.removeAttribute("title");
    link.setAttribute("aria-describedby", card.id);
    card.hidden = false;
    place(card, link);
  }

  const wanted = (/** @type {HTMLAnchorElement} */ link) => link.matches(":hover") || link === document.activeElement;

  function hide() {
    clearTimeout(timer);
    if (card && current) {
      current.title = String(current.dataset.tooltip);
      current.removeAttribute("aria-describedby");
      card.hidden = true;
      current = undefined;
    }
  }

  const linkOf = (/** @type {Event} */ event) => /** @type {HTMLAnchorElement | null} */ (event.target instanceof Element ? event.target.closest(LINKS) : null);

  // A finger does not hover: on a device without any pointer that does, a link is just followed.
  if (matchMedia("(any-hover: hover)").matches) {
    document.addEventListener("pointerover", (event) => {
      const link = linkOf(event);
      if (link && link === current) {
        clearTimeout(timer);
      } else if (link && event.pointerType !== "touch") {
        later(() => show(link), SHOW_AFTER);
      }
    });
    document.addEventListener("pointerout", (event) => {
      const link = linkOf(event);
      if (link && !link.contains(/** @type {Node | null} */ (event.relatedTarget))) {
        later(hide, HIDE_AFTER);
      }
    });
    document.addEventListener("focusin", (event) => {
      const link = linkOf(event);
      if (link?.matches(":focus-visible")) {
        show(link);
      }
    });
    document.addEventListener("focusout", (event) => {
      if (linkOf(event)) {
        hide();
      }
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        hide();
      }
    });
  }
}
