// @ts-check
// Completes names in the box of the search as they are typed: papers and their methods, data sets, terms, cited works.
// Without this script the box leads to the search page all the same. The names come as a script on first use, since a
// page opened from disk may not fetch; the form's data-names says where they are.
"use strict";

{
  const { folded } = survey;

  /** @type {Record<PageKind, (key: string) => string>} */
  const PAGES_OF = { // also of search.js
    paper: (key) => `papers/${key}.html`,
    dataset: (id) => `datasets/${id}.html`,
    benchmark: (id) => `benchmarks/${id}.html`,
    term: (anchor) => `glossary.html#${anchor}`,
    work: (anchor) => `references.html#${anchor}`,
  };
  const KINDS_OF = { paper: "Paper", dataset: "Data set", benchmark: "Benchmark", term: "Term", work: "Cited work" };
  const SITE_ROOT = document.documentElement.dataset.content_root ?? "./";

  /* Words that are written with a hyphen, with a blank or in one are one word. */
  const squeezed = (/** @type {string} */ text) => folded(text).replace(/[\s-]+/g, "");

  /* How well a name answers what is typed: the lower the better; null not at all. */
  /** @param {CompletedName} name @param {TypedName} typed */
  function rankOf(name, typed) {
    if (name.name === typed.text) {
      return 0;
    }
    name.folded ??= folded(name.name);
    name.squeezed ??= squeezed(name.name);
    if (name.squeezed === typed.squeezed) {
      return 1;
    }
    if (name.squeezed.startsWith(typed.squeezed)) {
      return 2;
    }
    const place = name.folded.indexOf(typed.folded);
    return place > 0 && /[^\p{L}\p{N}]/u.test(name.folded[place - 1]) ? 3 : null;
  }

  /* The names that begin as it is typed, the nearest first; each page once. */
  /** @param {CompletedName[]} names @param {string} text @param {number} most */
  function complete(names, text, most) {
    const typed = { text: text.trim(), folded: folded(text).trim(), squeezed: squeezed(text) };
    if (!typed.squeezed) {
      return [];
    }
    const ranked = names.flatMap((name) => {
      const rank = rankOf(name, typed);
      return rank === null ? [] : [/** @type {const} */ ([rank, name])];
    });
    ranked.sort((one, other) => one[0] - other[0]); // then as they came: the best known first
    const pages = new Map(ranked.map(([, name]) => /** @type {const} */ ([name.page, name])).reverse()); // the last one that is set stays
    return ranked.map(([, name]) => name).filter((name) => pages.get(name.page) === name).slice(0, most);
  }

  const MOST = 8;
  const address = /** @type {HTMLFormElement | null} */ (document.querySelector("#pst-search-dialog form"))?.dataset.names ?? "";
  /** @type {Promise<CompletedName[]> | undefined} */
  let names;

  function loadNames() {
    names ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.addEventListener("load", () => {
        const { kinds, names: rows } = survey.data.names;
        resolve(rows.map(([name, kind, key, said]) => ({ name, kind: kinds[kind], said, page: PAGES_OF[kinds[kind]](key) })));
      });
      script.addEventListener("error", () => reject(new Error("The names could not be loaded.")));
      document.head.append(script);
    });
    return names;
  }

  /** @param {CompletedName} name @param {string} id @param {() => void} action */
  function optionOf(name, id, action) {
    const option = document.createElement("li");
    const hint = document.createElement("span");
    option.id = id;
    option.role = "option";
    hint.textContent = [KINDS_OF[name.kind], name.said].filter(Boolean).join(" · ");
    if (/\p{Script=Han}/u.test(name.name)) {
      option.lang = "zh";
    }
    option.append(name.name, " ", hint);
    option.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus, and the list stays
    option.addEventListener("click", action);
    return option;
  }

  /** @param {HTMLFormElement} form @param {number} number */
  function makeBox(form, number) {
    const input = /** @type {HTMLInputElement} */ (form.querySelector("input"));
    const list = document.createElement("ul");
    /** @type {CompletedName[]} */
    let shown = [];
    let current = -1;

    /** @param {number} place */
    function choose(place) {
      current = place;
      [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === place)));
      const option = list.children[place];
      if (option) {
        input.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      } else {
        input.removeAttribute("aria-activedescendant");
      }
    }

    /** @param {number} place */
    function open(place) {
      location.href = SITE_ROOT + shown[place].page;
    }

    /** @param {CompletedName[]} found */
    function show(found) {
      shown = found;
      list.replaceChildren(...found.map((name, i) => optionOf(name, `${list.id}-${i}`, () => open(i))));
      list.hidden = !found.length;
      input.setAttribute("aria-expanded", String(Boolean(found.length)));
      choose(-1);
    }

    async function typed() {
      const text = input.value;
      try {
        const known = await loadNames();
        if (text === input.value) {
          show(complete(known, text, MOST));
        }
      } catch {
        show([]); // the search page says it
      }
    }

    /** @param {KeyboardEvent} event */
    function press(event) {
      const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      if (step && shown.length) {
        event.preventDefault();
        const places = shown.length + 1; // one of them is the box itself
        choose((current + 1 + step + places) % places - 1);
      } else if (event.key === "Enter" && current >= 0) {
        event.preventDefault();
        open(current);
      } else if (event.key === "Escape") {
        show([]);
      }
    }

    list.className = "search-names";
    list.id = `search-names-${number}`;
    list.role = "listbox";
    list.setAttribute("aria-label", "Names");
    list.hidden = true;
    input.role = "combobox";
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    form.after(list);
    input.addEventListener("focus", () => loadNames().catch(() => {}));
    input.addEventListener("blur", () => show([]));
    input.addEventListener("input", typed);
    input.addEventListener("keydown", press);
  }

  if (address) {
    /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("#pst-search-dialog form, form.start-search")).forEach(makeBox);
  }

  survey.share({ PAGES_OF, SITE_ROOT });
}
