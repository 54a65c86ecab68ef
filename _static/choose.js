// @ts-check
// The chooser: a form, and below it the methods that keep the limits, in the order in which Python ranked them.
// No library. make, makeButton and aside come from tables.js, copyText from survey.js, namedBackbone from names.js, wrongWord from address.js,
// unpack, readLimits and answerOf from choose-answer.js, block from others.js. Without scripts a table of typical questions stands here.
"use strict";

{
  const { make, makeButton, addressWords, bareAddress, wrongWord, namedBackbone, othersRan, othersList, withRecipes, block, ChooseError, unpack, readLimits, answerOf } = survey;

  const CHOOSE_SCRIPT = /** @type {HTMLScriptElement} */ (document.currentScript); // its data-lists says where the ranked lists are
  const FIRST_TASK = "visual question answering";
  const FIRST_METHODS = 5; // so many are told in full
  const ONCE = ["category", "tasks"]; // words of old addresses, by which nothing is asked any longer

  /** @param {ChooserLists} lists @param {Element} place */
  function chooser(lists, place) {
    /** @type {Record<string, HTMLInputElement | HTMLSelectElement>} */
    const fields = {};
    const option = (/** @type {string} */ value, /** @type {string} */ text) => make("option", { value }, text);
    /** @type {[string, string[]][]} */
    const byName = lists.backbones.map(([id, name, , , further]) => [id, [name, ...further]]);

    /** @param {string} name @param {string} label @param {HTMLInputElement | HTMLSelectElement} input @param {string} [help] */
    function field(name, label, input, help) {
      const id = `choose-${name}`;
      input.id = id;
      fields[name] = input;
      /** @type {HTMLElement[]} */
      const parts = [make("label", { for: id }, label), input];
      if (help) {
        parts.push(make("small", { id: `${id}-help` }, help));
        input.setAttribute("aria-describedby", `${id}-help`);
      }
      return make("div", { class: "choose-field" }, ...parts);
    }

    const text = (/** @type {Record<string, string>} */ attributes = {}) => make("input", { type: "text", autocomplete: "off", spellcheck: "false", ...attributes });
    const box = (/** @type {string} */ name, /** @type {string} */ label) => field(name, label, make("input", { type: "checkbox", value: "yes" }));
    const tasks = make("select", {}, ...Object.entries(lists.groups).map(([group, found]) =>
      make("optgroup", { label: group }, ...found.map((task) => option(task, task)))));
    const known = make("datalist", { id: "choose-backbones" }, ...lists.backbones.map(([id, name]) => option(name, id === name ? "" : id)));
    const data = make("select", {}, option("", "any"), option("few", "a few examples"), option("full", "a full training set"), option("none", "none, nothing is trained"));

    const form = make("form", { class: "choose-form", "aria-label": "Your task, your model and your limits" },
      make("div", { class: "choose-fields choose-main" },
        field("task", "Task", tasks), field("backbone", "Backbone", text({ list: "choose-backbones", placeholder: "any; or a name, or owner/weights" })),
        field("data", "Measured with", data)),
      make("details", { class: "choose-limits" }, make("summary", {}, "Limits: trained, stored, memory, speed, code, licence"), make("div", { class: "choose-fields" },
        field("max-trainable", "Trains at most", text({ placeholder: "1% or 0.4M" })), field("max-stored", "Stores per task at most", text({ placeholder: "5MB" })),
        field("max-memory", "Training memory at most", text({ list: "choose-cards", placeholder: "24GB, a card’s name, or 50%" }))),
      make("div", { class: "choose-fields choose-boxes" },
        box("no-slower", "Inference no slower"), box("spares-gradient", "No gradient through the backbone"), box("code", "Code at hand"), box("licence", "Permissive licence"))),
      known, make("datalist", { id: "choose-cards" }, ...lists.cards.known.flatMap(([names]) => names).map((name) => option(name, ""))));
    const limits = /** @type {HTMLDetailsElement} */ (form.querySelector("details"));

    const problem = make("p", { class: "choose-problem", role: "alert", id: "choose-problem" });
    const status = make("p", { class: "choose-status", role: "status" });
    const said = make("span", { role: "status" });
    const clear = makeButton({}, () => { write([]); update(); fields.task.focus(); }, "Clear");
    const link = makeButton({}, async () => { said.textContent = (await survey.copyText(missing ? location.href : linkHere())) ? "Link copied." : "The address of this page is the link."; }, "Copy link");
    const answer = make("div", { class: "choose-answer" });
    const root = make("div", { class: "choose" }, form, problem, make("div", { class: "choose-tools" }, status, clear, link, said), answer);

    const read = () => Object.fromEntries(Object.entries(fields).map(([name, input]) =>
      [name, input.type === "checkbox" ? (/** @type {HTMLInputElement} */ (input).checked ? "yes" : "") : input.value.trim()]));

    /** @type {[message: string, remedy: string, field: string] | null} */
    let missing = null; // what is wrong with the address: nothing else may stand in for what it names

    /** @param {string[][]} pairs */
    function write(pairs) {
      const words = Object.fromEntries(pairs);
      for (const [name, input] of Object.entries(fields)) {
        if (input.type === "checkbox") {
          /** @type {HTMLInputElement} */ (input).checked = words[name] === "yes";
        } else {
          input.value = words[name] ?? "";
        }
      }
      missing = wrongIn(pairs);
      if (!words.task) {
        fields.task.value = FIRST_TASK;
      }
      if (!words.data) {
        fields.data.value = "";
      }
      limits.open ||= [...limits.querySelectorAll("input")].some(({ type, checked, value }) => (type === "checkbox" ? checked : value));
    }

    /* What an address says that the form cannot hold; a list is then left empty. */
    /** @param {string[][]} words */
    function wrongIn(words) {
      const isBox = (/** @type {string} */ name) => fields[name].type === "checkbox";
      const valuesOf = (/** @type {string} */ name) => {
        const input = fields[name];
        return !input ? (ONCE.includes(name) ? null : undefined) : isBox(name) ? ["yes"] : input instanceof HTMLSelectElement ? [...input.options].map(({ value }) => value) : null;
      };
      return wrongWord(words, valuesOf, (name) => [`word '${name}' is not known.`, `Leave it out: an address can say ${Object.keys(fields).join(", ")}.`],
        (/** @type {string} */ name, /** @type {string} */ text) => (isBox(name) ? "Tick the box, or leave it open." : `Choose one from the list.${name === "task" ? nearTask(text) : ""}`));
    }

    /* The words of a name without what writers differ in; task_names.py is the model. */
    /** @param {string} text */
    const folded = (text) => (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).map((word) => word.replace(/iz(?=e|ing|ation)/, "is"))
      .map((word) => (word.length > 3 ? word.replace(/(?<=ss)es$|(?<=[^s])s$/, "") : word)).join(" ");

    /* What terms of the glossary say of a name that no task has; the command's words. */
    /** @param {string} text */
    function nearTask(text) {
      const said = ` ${folded(text)} `;
      const [, near] = Object.entries(lists.near).find(([name]) => said.includes(` ${name} `) || ` ${name} `.includes(said)) ?? [];
      return near ? ` ${near}` : "";
    }

    function stateText() {
      const state = new URLSearchParams();
      Object.entries(read()).filter(([, value]) => value).forEach(([name, value]) => state.append(name, value));
      return state.toString();
    }

    const linkHere = () => `${bareAddress()}#${stateText()}`;
    const readAddress = () => write(addressWords().map(([name, text]) => [name, name === "task" ? lists.called[folded(text)] ?? text : text]));
    let waiting = 0;
    let asked = false; // the address is left alone until the reader asks something

    function writeAddress() {
      clearTimeout(waiting); // browsers refuse more than about three changes a second
      waiting = window.setTimeout(() => { history.replaceState(null, "", linkHere()); }, 300);
    }

    /* Lines to copy, folded, one set per library. */
    const runLines = (/** @type {Told} */ { run }) => (run.length ? [make("div", {}, make("dt", {}, "To run"), make("dd", {},
      ...run.map(([title, lines]) => make("details", { class: "choose-lines" }, make("summary", {}, title), block(lines)))))] : []);

    /** @param {Told} found @param {number} i */
    function methodItem(found, i) {
      const { text: by, address } = lists.cites[found.key] ?? {};
      const name = address ? make("a", { href: address }, found.name) : found.name;
      const line = (/** @type {string} */ head) => found.lines.find(([of]) => of === head)?.[1] ?? "";
      const proof = found.lines.filter(([head]) => !["why", "costs"].includes(head)).map(([head, text]) => make("div", {}, make("dt", {}, lists.words.heads[head]),
        make("dd", {}, ...(head === "word" && found.address ? [make("a", { href: found.address }, text)] : linked(text)))));
      const [gain, ...number] = line("why").split(/(?<=^[^:(]+): /); // what stands before the colon is the gain
      const card = [
        make("p", { class: "choose-number" }, ...(number.length ? [make("strong", {}, gain), " · ", number.join(": ")] : [gain])),
        ...(line("costs") ? [make("p", {}, ...linked(line("costs")))] : []),
        make("details", {}, make("summary", {}, "Evidence and how to run it"), make("dl", {}, ...proof, ...runLines(found))),
      ];
      const idea = found.idea ? ` ${found.idea}.` : "";
      const advised = found.advised ? ` (${lists.words.advised})` : "";
      if (i < FIRST_METHODS) {
        return make("li", { "data-method": found.name }, make("p", { class: "choose-name" }, make("strong", {}, name), advised, by ? ` ${by}.` : "", idea), ...card);
      }
      const paper = address || idea ? [make("p", { class: "choose-name" }, name, by ? ` ${by}.` : "", idea)] : []; // no link may stand in a summary
      return make("li", { "data-method": found.name }, make("details", {}, make("summary", {}, make("strong", {}, found.name), advised), ...paper, ...card));
    }

    /* A line in which addresses are links. */
    const linked = (/** @type {string} */ line) => line.split(/(https?:\/\/[^\s;)]+)/).map((piece, i) => (i % 2 ? make("a", { href: piece }, piece.replace("https://github.com/", "")) : piece));

    /* A text in which a section of the book is a link by its heading; its address follows it for who reads the same words elsewhere. */
    /** @param {string} text @returns {(string | HTMLElement)[]} */
    function withSection(text) {
      const [before, heading, address, after] = text.split(/(?<=“)([^”]+)(?=”)” \(([\w.#-]+)\)/);
      return heading ? [before, make("a", { href: address }, heading), `”${after}`] : [text];
    }

    const listed = (/** @type {string} */ title, /** @type {Told[]} */ found, /** @type {string} */ end) => (found.length
      ? [make("details", { class: "choose-apart" }, make("summary", {}, `${title}: ${found.length}`),
        make("ul", {}, ...found.map(({ name, about }) => make("li", {}, make("strong", {}, name), ": ", about.join(", "), end))))] : []);

    /** @param {string} task @param {ChooserAnswer} answered */
    function show(task, { advice, notes, methods, unknown, leftOut }) {
      const apart = (/** @type {string} */ note) => note.startsWith(lists.words.uncompared);
      const papers = () => make("a", { href: `catalogue.html#${new URLSearchParams({ task: lists.wider[task] ?? task })}` }, "Show them");
      answer.replaceChildren(
        make("p", { class: "choose-advice" }, advice),
        make("div", { class: "choose-notes" }, make("p", {}, make("strong", {}, notes[0])),
          make("p", {}, ...notes.slice(1).filter((note) => !apart(note)).flatMap((note) => [...withSection(note), " ", ...(note.startsWith(lists.words.catalogue) ? [papers(), ". "] : [])]))),
        make(notes.includes(lists.words.alone) ? "ul" : "ol", { class: "choose-methods" }, ...methods.map(methodItem)), ...ranOf(task, methods.slice(0, FIRST_METHODS)),
        ...listed("May break a limit, because something is not known", unknown, "?"), ...listed("Left out", leftOut, ""),
        ...notes.filter(apart).map((note) => make("details", { class: "choose-uncompared" }, make("summary", {}, "Measured, but not comparable"), make("p", {}, note))));
      const any = methods.length + unknown.length + leftOut.length > 0 && !notes.includes(lists.words.alone); // else no limit says anything
      status.textContent = !any ? "No method can be compared." : `${methods.length} ${methods.length === 1 ? "method keeps" : "methods keep"} every limit.`;
    }

    /** @param {string} task @param {Told[]} methods */
    function ranOf(task, methods) {
      if (!survey.data.recipes || !methods.length) {
        return [];
      }
      const [, , kind = "", shape = ""] = backboneOf(read().backbone) ?? [];
      return [make("section", { class: "choose-ran" }, make("p", { class: "rubric" }, "What others ran"),
        make("p", {}, "Of the methods above; no recommendation, and each with its source."),
        ...othersList(methods.map(({ name, key }) => [name, key ? othersRan(key, kind, task, shape) : null])))];
    }

    /** @param {string} name */
    function backboneOf(name) {
      const id = name && namedBackbone(name, byName, lists);
      if (name && !id) {
        throw new ChooseError(`backbone '${name}' is not known.`, "Choose one from the list, or leave it open.", "backbone");
      }
      return id ? lists.backbones.find(([known]) => known === id) ?? null : null;
    }

    function update() {
      Object.values(fields).forEach((input) => input.removeAttribute("aria-invalid"));
      said.textContent = "";
      const words = read();
      try {
        if (missing) {
          throw new ChooseError(...missing);
        }
        if (!words.task) { // the address named one that the list has not
          throw new ChooseError("no task is named.", "Choose one from the list.", "task");
        }
        const found = answerOf(lists, words.task, backboneOf(words.backbone), readLimits(words, lists.cards));
        problem.replaceChildren();
        show(words.task, found);
      } catch (error) {
        if (!(error instanceof ChooseError)) {
          throw error;
        }
        fields[error.field]?.setAttribute("aria-invalid", "true");
        problem.replaceChildren(...withSection(`${error.message} ${error.remedy}`));
        status.textContent = "No answer.";
        answer.replaceChildren();
      }
      if (asked) {
        writeAddress();
      }
    }

    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => { asked = true; missing = null; fields.data.value ||= ""; update(); });
    clear.addEventListener("click", () => { asked = true; });
    addEventListener("hashchange", () => {
      if (location.hash.includes("=") && (missing || location.href !== linkHere())) {
        readAddress();
        update();
      }
    });
    readAddress();
    update();
    place.replaceWith(root);
    withRecipes(CHOOSE_SCRIPT, update);
  }

  const place = /** @type {Element} */ (document.querySelector(".bd-article .choose-place"));
  const source = make("script", { src: new URL(String(CHOOSE_SCRIPT.dataset.lists), CHOOSE_SCRIPT.src).href });
  source.addEventListener("load", async () => chooser(await unpack(survey.data.choose), place)); // if it cannot be loaded, the table stays
  document.head.append(source);
}
