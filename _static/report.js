// @ts-check
// Report an error: on the page, in a section, or in a number at its address. Where the link at the foot of the page
// leads to the repository's form, the form is filled in; where the book has no repository, the same report stands in
// a dialog, to be completed and copied. Without this script the link at the foot leads on all the same.
// No library; copyText comes from survey.js.
"use strict";

{
  const foot = /** @type {HTMLAnchorElement | null} */ (document.querySelector(".report-error a"));
  const { place = "", edition = "" } = foot?.dataset ?? {};
  const hasForm = foot !== null && new URL(foot.href).searchParams.has("template");

  /**
   * @typedef {{ id: string, said: string }} Reported what is wrong: the address within the page, and what stands there
   */

  const where = (/** @type {Reported} */ reported) => `${place}${reported.id && `#${reported.id}`}, ${edition}`;

  /** Return the report as text; the words are those of the form. */
  const asText = (/** @type {Reported} */ reported) => `Where it stands: ${where(reported)}
What the book says: ${reported.said}
What is right: \nWhere that can be read: \n`;

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

  /** @type {HTMLDialogElement | undefined} */
  let dialog;

  function makeDialog() {
    const made = document.createElement("dialog");
    made.className = "report-dialog";
    made.setAttribute("aria-labelledby", "report-dialog-title");
    made.innerHTML = `<h2 id="report-dialog-title">Report an error</h2>
<p>This copy of the book names no address for reports. Say what is right and where that can be read, copy the report, and send it to whoever gave you the book. <a>What else can be done with it</a></p>
<textarea rows="8" aria-label="The report" spellcheck="false"></textarea>
<p><button type="button" class="report-copy">Copy the report</button> <button type="button" class="report-close">Close</button> <span role="status"></span></p>`;
    const link = made.querySelector("a");
    const text = made.querySelector("textarea");
    const heard = made.querySelector("span");
    if (link && text && heard && foot) {
      link.href = foot.href;
      link.addEventListener("click", () => made.close()); // it may lead to a place on this very page
      made.querySelector(".report-copy")?.addEventListener("click", async () => {
        const copied = await survey.copyText(text.value);
        if (!copied) {
          text.select();
        }
        heard.textContent = copied ? "Copied." : "Press Ctrl+C to copy what is selected.";
      });
      made.addEventListener("close", () => { heard.textContent = ""; });
    }
    made.querySelector(".report-close")?.addEventListener("click", () => made.close());
    document.body.append(made);
    return made;
  }

  function showText(/** @type {Reported} */ reported) {
    dialog ??= makeDialog();
    const text = dialog.querySelector("textarea");
    dialog.showModal();
    if (text) {
      text.value = asText(reported);
      text.focus();
      const open = text.value.indexOf(reported.said ? "\nWhere that" : "\nWhat is right");
      text.setSelectionRange(open, open); // where the reader goes on
    }
  }

  /** Let a link report what `found` names when it is followed. */
  function reports(/** @type {HTMLAnchorElement} */ link, /** @type {() => Reported} */ found) {
    link.addEventListener("click", (event) => {
      if (hasForm) {
        link.href = formAddress(found()); // at the last moment: the reader may have gone to a number since
      } else {
        event.preventDefault();
        showText(found());
      }
    });
  }

  function makeLink(/** @type {string} */ kind, /** @type {string} */ label, /** @type {() => Reported} */ found) {
    const link = document.createElement("a");
    link.className = kind;
    link.href = hasForm ? formAddress(found()) : foot?.href ?? "";
    link.setAttribute("aria-label", label);
    reports(link, found);
    return link;
  }

  if (foot) {
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
