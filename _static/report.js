// @ts-check
// Report an error: on the page, in a section, or in a number at its address, by the repository's form, filled in. Without this
// script, or where the book has no repository, the link at the foot of the page leads on all the same.
// No library.
"use strict";

{
  const foot = /** @type {HTMLAnchorElement | null} */ (document.querySelector(".report-error a"));
  const { place = "", edition = "" } = foot?.dataset ?? {};
  const hasForm = foot !== null && new URL(foot.href).searchParams.has("template");

  /**
   * @typedef {{ id: string, said: string }} Reported what is wrong: the address within the page, and what stands there
   */

  const where = (/** @type {Reported} */ reported) => `${place}${reported.id && `#${reported.id}`}, ${edition}`;

  /** Return the address of the form, filled in. */
  function formAddress(/** @type {Reported} */ reported) {
    const address = new URL(foot?.href ?? "");
    address.searchParams.set("where", where(reported));
    if (reported.said) {
      address.searchParams.set("said", reported.said);
    }
    return address.href;
  }

  const plain = (/** @type {Element} */ element) => (element.textContent ?? "").replace(/\s+/g, " ").trim();

  /** Return the mark of the number whose address the reader has come to, if it is one. */
  function chosenNumber() {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id ? document.getElementById(id) : null;
    return target ? target.querySelector(`.number-link[href$="#${CSS.escape(id)}"]`) : null;
  }

  /** Return a number as a report names it: with every digit, its method and its benchmark or table. */
  function ofNumber(/** @type {Element} */ mark) {
    const written = mark.previousElementSibling;
    const value = written?.getAttribute("title") || plain(written ?? mark.parentElement ?? mark);
    const about = (mark.getAttribute("aria-label") ?? "").replace(/^[^:]*: /, "");
    return { id: (mark.getAttribute("href") ?? "").split("#")[1], said: about.includes(value) ? about : `${value}, ${about}` };
  }

  /** Let a link report what `found` names when it is followed: at the last moment, since the reader may have gone to a number. */
  function reports(/** @type {HTMLAnchorElement} */ link, /** @type {() => Reported} */ found) {
    link.addEventListener("click", () => { link.href = formAddress(found()); });
  }

  function makeLink(/** @type {string} */ kind, /** @type {string} */ label, /** @type {() => Reported} */ found) {
    const link = document.createElement("a");
    link.className = kind;
    link.href = formAddress(found());
    link.setAttribute("aria-label", label);
    reports(link, found);
    return link;
  }

  if (foot && hasForm) {
    reports(foot, () => {
      const mark = chosenNumber();
      return mark ? ofNumber(mark) : { id: "", said: "" };
    });

    for (const heading of document.querySelectorAll(".bd-article section[id] > :is(h2, h3, h4)")) {
      const anchor = heading.querySelector("a.headerlink");
      const id = anchor?.getAttribute("href")?.slice(1) || heading.parentElement?.id || "";
      const name = plain(heading).replace(/#$/, "");
      heading.append(makeLink("report-section", `Report an error in “${name}”`, () => ({ id, said: "" })));
    }

    /** @type {HTMLAnchorElement | undefined} */
    let ofChosen;
    const followNumber = () => {
      ofChosen?.remove();
      const mark = chosenNumber();
      if (mark) {
        const reported = ofNumber(mark);
        ofChosen = makeLink("report-number", `Report an error in this number: ${reported.said}`, () => reported);
        ofChosen.textContent = "Report an error";
        mark.after(ofChosen);
      }
    };
    addEventListener("hashchange", followNumber);
    followNumber();
  }
}
