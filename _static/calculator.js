// @ts-check
// The calculator of costs: what a method trains, stores and needs on a backbone. Without this script a table stands there.
// No library. The numbers come from costing.js and costs.js, which the build writes; make, aside and the like from tables.js.
"use strict";

{
  const { make, makeButton, addressWords, bareAddress, wrongWord, namedBackbone, othersRan, othersList, withRecipes, CostError, costOf, sizeOf, placeOf, writtenTargets, softwareOf, filledLines, runOptions, fitAnswer } = survey;

  const CALCULATOR_SCRIPT = /** @type {HTMLScriptElement} */ (document.currentScript); // its data-costs says where, beside it, formulas and quantities are
  const WORDS_OF_CHOICE = /** @type {const} */ (["part", "variant", "classes", "bits", "precision", "gpu", "gpus"]);
  const OF_ALL = ["tasks", "batch", "texts", "length", "outputs", "resolution"]; // numbers that go with every method
  const SHORTEST = 256; // tokens, below which an example is not made shorter
  /** @type {Record<string, string>} */
  const LABELS = {
    rank: "Rank", bottleneck: "Bottleneck", reduction: "Reduction factor", decoder_bottleneck: "Bottleneck in the decoder", tokens: "Learned tokens",
    layers: "Adapted layers", depth: "Layers with tokens of their own", block: "Block of the rotation", factor: "Factor of each side", side_layers: "Side layers of each stack", tasks: "Tasks on the backbone", shots: "Examples a class",
    mlp: "Hidden width of the network", phm: "Hypercomplex factors", budget: "Requested budget", batch: "Batch", texts: "Texts (classes, or pairs)", length: "Tokens of an example", outputs: "Tokens written",
    resolution: "Pixels of the image’s side",
  };
  /** @type {Record<string, string>} */
  const SWITCH_LABELS = { norms: "Norms", biases: "Biases", embeddings: "Embeddings", positions: "Relative positions", projector: "Projector or visual embedding" };
  const FEW_LIBRARIES = 2;
  const MAINTAINED = { "": "whether it is maintained is not established", yes: "maintained", no: "not maintained", partly: "partly maintained" };
  const grouped = (/** @type {number} */ number) => number.toLocaleString("en", { maximumFractionDigits: 1 });
  const significant = (/** @type {number} */ number) => number.toLocaleString("en", { maximumSignificantDigits: 4 });

  /** @param {number} bytes */
  function inBytes(bytes) {
    /** @type {[unit: string, size: number]} */
    const [unit, size] = bytes < 1e3 ? ["bytes", 1] : bytes < 1e6 ? ["kB", 1e3] : bytes < 1e9 ? ["MB", 1e6] : ["GB", 1e9];
    return size === 1 ? `${grouped(bytes)} bytes` : `${significant(bytes / size)} ${unit} (${grouped(bytes)} bytes)`;
  }

  /* A formula as it is read: its letters in italics, or their numbers; sums, powers and products typeset in plain HTML. */

  /** @param {string} text @returns {Child[]} */
  function letterOf(text) {
    return [...text.matchAll(/([A-Za-z]+)(?:_([A-Za-z0-9]+))?|[^A-Za-z]+/g)].flatMap(([whole, name, below]) => {
      if (!name) {
        return [whole];
      }
      const sign = name === "sum" ? "∑" : name === "rho" ? "ρ" : name;
      return [name === "sum" ? sign : make("var", {}, sign), ...(below ? [make("sub", {}, below)] : []), ...(name === "sum" ? ["\u2009"] : [])];
    });
  }

  /** @param {string} formula @param {(name: string) => Child[]} replace */
  function typeset(formula, replace) {
    return formula.split(/([A-Za-z]\w*|\*\*\d+|\*|-)/).flatMap((part) => {
      if (/^[A-Za-z]/.test(part)) {
        return replace(part);
      }
      if (part.startsWith("**")) {
        return [make("sup", {}, part.slice(2))];
      }
      return [part === "*" ? "\u2009·\u2009" : part === "-" ? "−" : part.replaceAll("/", " / ")];
    });
  }

  /** @param {Costs} data @param {Element} place */
  function calculate(data, place) {
    /** @type {CostChoice} */
    let choice = { ...data.first, numbers: {}, switches: {}, run: {} };
    /** @type {{ method?: string, backbone?: string, word?: [said: string, name: string] }} */
    let missing = {}; // what is said where the address names what this page has not: no other answer may stand in for it
    /** @type {Map<string, HTMLInputElement | HTMLSelectElement>} */
    const controls = new Map();
    const isMissing = () => Object.keys(missing).length > 0;
    const method = () => data.methods[choice.method];
    const tower = () => {
      const backbone = data.backbones[choice.backbone];
      return backbone.parts[choice.part ?? ""] ?? backbone.parts[backbone.default];
    };

    /* The state in the address: only what the reader chose, after "#". Any other address leads to a section. */

    function stateOf() {
      const { method: id, backbone, numbers, switches, run, targets, checkpointing, ...rest } = choice;
      const state = new URLSearchParams({ method: id, backbone });
      for (const name of WORDS_OF_CHOICE) {
        const text = rest[name];
        if (text) {
          state.set(name, text);
        }
      }
      Object.entries(numbers).filter(([, text]) => text !== "").forEach(([name, text]) => state.set(name, text));
      Object.entries(switches).forEach(([name, on]) => state.set(name, on ? "yes" : "no"));
      Object.entries(run).filter(([, text]) => text).forEach(([name, text]) => state.set(name, text));
      if (targets?.length) {
        state.set("targets", targets.join(","));
      }
      if (checkpointing !== undefined) {
        state.set("checkpointing", checkpointing ? "yes" : "no");
      }
      return state;
    }

    const stateText = () => stateOf().toString().replaceAll("%2C", ",").replaceAll("%2F", "/");

    function readState() {
      const words = addressWords();
      if (!words.length) { // a section
        return false;
      }
      const state = new Map(words);
      const id = state.get("method") ?? data.first.method;
      const backbone = backboneOf(state.get("backbone") ?? data.first.backbone);
      missing = {
        ...(Object.hasOwn(data.methods, id) ? {} : { method: `Method '${id}' is not known. Choose one from the list.` }),
        ...(backbone ? {} : { backbone: `Backbone '${state.get("backbone")}' is not in this list. Choose one that is, or ask the command line, which knows more: peft-vlm-survey cost --list names them.` }),
      };
      choice = { method: missing.method ? data.first.method : id, backbone: backbone ?? data.first.backbone, numbers: {}, switches: {}, run: {} };
      const wrong = missing.method ? null : wrongWord(words, valuesOf, (name) => [`parameter '${name}' is not known${name in LABELS || name in SWITCH_LABELS ? ` for ${id}` : ""}.`,
        "Leave it out, or ask the command line, which knows more: peft-vlm-survey cost --list names all."]);
      if (wrong) {
        missing.word = [`${wrong[0].charAt(0).toUpperCase()}${wrong[0].slice(1)} ${wrong[1]}`, wrong[2]];
      }
      for (const [name, text] of state) {
        const values = valuesOf(name);
        if (!["method", "backbone"].includes(name) && values !== undefined && !(values && !values.includes(text))) {
          take(name, text);
        }
      }
      if (missing.method) { // what is said of its parameters is said of no other's
        choice = { ...kept(choice), method: choice.method };
      }
      return true;
    }

    /* One word of the address, or of a button, becomes part of the choice. */
    /** @param {string} name @param {string} text */
    function take(name, text) {
      if (name in method().switches) {
        choice.switches[name] = text === "yes";
      } else if (name === "targets") {
        choice.targets = text.split(",");
      } else if (name === "library" || name in data.run.words) {
        choice.run[name] = text;
      } else if (name === "checkpointing") {
        choice.checkpointing = text === "yes";
      } else if (WORDS_OF_CHOICE.some((word) => word === name)) {
        choice[/** @type {typeof WORDS_OF_CHOICE[number]} */ (name)] = text;
      } else {
        choice.numbers[name] = text;
      }
    }

    /* The values that a word of the address may have with the method that is chosen: null where any may stand, and what is impossible is said of it; undefined if there is no such word. */
    /** @param {string} name @returns {string[] | null | undefined} */
    function valuesOf(name) {
      const { parameters, switches, variants } = method();
      if (name in switches || name === "checkpointing") {
        return ["yes", "no"];
      }
      if (name === "variant" || name === "library") {
        return Object.keys(name === "variant" ? variants : data.run.presets);
      }
      const any = name in parameters || OF_ALL.includes(name) || WORDS_OF_CHOICE.some((word) => word === name) || ["method", "backbone"].includes(name);
      return any ? null : data.run.words[name];
    }

    /* What stays of a choice where another method is chosen. */
    const kept = (/** @type {CostChoice} */ { backbone, classes, numbers: { tasks, batch, texts, length, outputs, resolution }, precision, checkpointing, run, gpu, gpus }) => ({
      backbone, classes, precision, checkpointing, run, gpu, gpus, switches: {},
      numbers: Object.fromEntries(Object.entries({ tasks, batch, texts, length, outputs, resolution }).filter(([, text]) => text)),
    });

    /* The identifier of a backbone that is named as people have it: by its name, or by the address of its weights. */
    const backboneOf = (/** @type {string} */ text) =>
      namedBackbone(text, Object.entries(data.backbones).map(([id, { name }]) => /** @type {[string, string[]]} */ ([id, [name]])), data.names);

    let waiting = 0;

    function writeState() {
      clearTimeout(waiting); // browsers refuse more than about three changes a second
      waiting = window.setTimeout(() => history.replaceState(null, "", `${bareAddress()}#${stateText()}`), 300);
    }

    /* The form */

    const mainFields = make("div", { class: "calculator-fields" });
    const classesFields = make("div", { class: "calculator-fields" }); // above the answer where the number of classes decides the memory
    const quick = make("div", { class: "calculator-quick", role: "group", "aria-label": "Change at once" });
    const ownFields = make("div", { class: "calculator-fields" });
    const moreFields = make("div", { class: "calculator-fields" });
    const stated = make("summary", {});
    const more = make("details", { class: "calculator-more" }, stated, ownFields, moreFields);

    /** @param {string} name @param {string} label @param {HTMLInputElement | HTMLSelectElement} control */
    function field(name, label, control) {
      control.id = `calculator-${name}`;
      controls.set(name, control);
      return make("div", { class: "calculator-field" }, make("label", { for: control.id }, label), control);
    }

    /** @param {string} name @param {string} label @param {string[][]} options @param {string} chosen @param {(value: string) => void} change */
    function select(name, label, options, chosen, change) {
      const control = make("select", {}, ...options.map(([value, text]) => make("option", { value }, text)));
      control.value = chosen;
      control.addEventListener("change", () => { change(control.value); changed(); });
      return field(name, label, control);
    }

    /** @param {string} name @param {string} [standard] */
    function numberField(name, standard) {
      const control = make("input", { type: "number", min: "1", step: "1", inputmode: "numeric", placeholder: standard ?? "" });
      control.value = choice.numbers[name] ?? "";
      control.addEventListener("input", () => {
        const text = control.validity.badInput ? "?" : control.value;
        if (text === "") {
          delete choice.numbers[name];
        } else {
          choice.numbers[name] = text;
        }
        changed({ redraw: false });
      });
      return field(name, LABELS[name], control);
    }

    /** @param {string} name @param {Child} label @param {boolean} checked @param {(on: boolean) => void} change */
    function box(name, label, checked, change) {
      const control = make("input", { type: "checkbox", value: name });
      control.checked = checked;
      control.addEventListener("change", () => { change(control.checked); changed({ redraw: false }); });
      return make("label", {}, control, label);
    }

    function drawMain() {
      const methods = Object.entries(data.methods).map(([id, { name }]) => [id, name]);
      mainFields.replaceChildren(
        select("method", "Method", methods, choice.method, (id) => { choice = { ...kept(choice), method: id }; }),
        select("backbone", "Backbone", [], choice.backbone, (id) => {
          choice = { ...choice, backbone: id };
          if (!data.backbones[id].texts) {
            delete choice.numbers.texts;
          }
          if (!data.backbones[id].writes) {
            delete choice.numbers.outputs;
          }
          delete choice.part;
          delete choice.targets;
          delete choice.numbers[data.backbones[id].resolution ? "length" : "resolution"];
        }),
        words("gpu", "Card memory", "24GB"), words("gpus", "Cards", "1"),
        make("datalist", { id: "calculator-cards" }, ...data.cards.known.flatMap(([names]) => names).map((name) => make("option", { value: name }))),
      );
      control("backbone").replaceChildren(...backboneGroups());
    }

    /* The backbones of each group, by name. */
    function backboneGroups() {
      return Object.entries(data.groups).map(([label, sorts]) => make("optgroup", { label }, ...Object.entries(data.backbones).filter(([, { sort }]) => sorts.includes(sort))
        .sort(([, one], [, other]) => one.name.localeCompare(other.name, "en", { numeric: true })).map(([value, { name }]) => make("option", { value }, name))));
    }

    /* A field of the choice itself, as text. */
    /** @param {"gpu" | "gpus"} name @param {string} label @param {string} placeholder */
    function words(name, label, placeholder) {
      const control = make("input", { type: "text", autocomplete: "off", placeholder, ...(name === "gpu" ? { list: "calculator-cards" } : {}) });
      control.value = choice[name] ?? "";
      control.addEventListener("input", () => { choice[name] = control.value.trim(); changed({ redraw: false }); });
      return field(name, label, control);
    }

    function drawOwn() {
      const { variants, parameters } = method();
      const fields = [];
      if (Object.keys(variants).length > 1) {
        const options = Object.entries(variants).map(([id, { says }]) => [id, says ? `${id}: ${says.replace("--classes", "classes")}` : id]);
        const standard = data.backbones[choice.backbone].variants[choice.method] ?? options[0][0];
        fields.push(select("variant", "Variant", options, choice.variant ?? standard, (id) => { choice.variant = id; }));
      }
      const { uses } = variants[choice.variant ?? data.backbones[choice.backbone].variants[choice.method] ?? Object.keys(variants)[0]];
      const { usual: known, default: part } = data.backbones[choice.backbone];
      const usual = (choice.part ?? part) === part ? known[choice.method] ?? {} : {};
      Object.entries(parameters).filter(([name]) => uses.includes(name)).forEach(([name, standard]) => fields.push(numberField(name, usual[name] ?? standard ?? data.unsaid[name])));
      if ("targets" in parameters) {
        fields.push(targetBoxes(usual.targets ?? parameters.targets));
      }
      const { texts } = data.backbones[choice.backbone];
      const first = texts > 0 && !method().head; // without a head, what classes there are is what the text tower reads
      const classes = make("input", { type: "text", inputmode: "numeric", autocomplete: "off", placeholder: first ? `${texts} if not said` : "no head" });
      classes.value = choice.classes ?? "";
      classes.addEventListener("input", () => { choice.classes = classes.value.trim(); changed({ redraw: false }); });
      const asked = field("classes", first ? "Classes" : "Classes of a head", classes);
      classesFields.replaceChildren(...(first ? [asked] : []));
      classesFields.hidden = !first;
      fields.push(...(first ? [] : [asked]), numberField("tasks", String(variants[choice.variant ?? Object.keys(variants)[0]].tasks)));
      ownFields.replaceChildren(...fields);
    }

    /** @type {HTMLButtonElement | undefined} */
    let allTargets;

    /** @param {string | null} standard */
    function targetBoxes(standard) {
      const { targets, all, allOfVision, standardTargets } = tower();
      const chosen = choice.targets ?? standard?.split(",") ?? standardTargets;
      const names = Object.keys(targets);
      const on = new Set(chosen.includes("all") ? all : chosen.includes("vision.all") ? [...chosen, ...allOfVision] : chosen);
      const boxes = names.map((name) => box(name, make("span", {}, name), on.has(name), (checked) => {
        on[checked ? "add" : "delete"](name);
        choice.targets = names.filter((known) => on.has(known));
      }));
      const everything = makeButton({}, () => { choice.targets = ["all"]; changed(); allTargets?.focus(); }, "All linear layers");
      allTargets = everything;
      return make("fieldset", { class: "calculator-targets" }, make("legend", {}, "Target matrices"), ...boxes, everything);
    }

    function drawMore() {
      const { switches, whole, bits, quantised } = method();
      const backbone = data.backbones[choice.backbone];
      const fields = [];
      const parts = Object.keys(whole ? backbone.whole : backbone.parts);
      if (parts.length > 1) {
        fields.push(select("part", "Part of the model", parts.map((name) => [name, name]), choice.part ?? (whole ? "all" : backbone.default), (name) => {
          choice.part = name;
          delete choice.targets;
        }));
      }
      const bitsLabel = quantised ? "Bits of the backbone" : "Bits of a stored weight";
      const bitsOf = quantised ? data.quantisedBits : data.bits;
      fields.push(
        select("bits", bitsLabel, bitsOf.map((number) => [String(number), String(number)]), String(choice.bits ?? bits), (text) => { choice.bits = text; }),
        numberField("batch", String(backbone.batch)), ...(backbone.texts ? [numberField("texts", choice.classes ?? String(backbone.texts))] : []), backbone.resolution ? numberField("resolution", String(backbone.resolution.usual)) : numberField("length", String(tower().length)), ...(backbone.writes ? [numberField("outputs", choice.numbers.length || String(tower().length))] : []),
        select("precision", "Bits of frozen weights in training", data.precisions.map((number) => [String(number), String(number)]),
          String(choice.precision ?? (quantised ? choice.bits ?? bits : 16)), (text) => { choice.precision = text; }),
      );
      const boxes = Object.keys(switches).filter((name) => name !== "projector" || backbone.hasProjector)
        .map((name) => box(name, make("span", {}, SWITCH_LABELS[name]), choice.switches[name] ?? switches[name], (on) => { choice.switches[name] = on; }));
      runOptions(data, backbone).forEach(([name, label, values]) => fields.push(select(name, label, values, choice.run[name] ?? values[0][0], (value) => {
        if (value === values[0][0]) {
          delete choice.run[name];
        } else {
          choice.run[name] = value;
        }
      })));
      boxes.push(box("checkpointing", make("span", {}, "Activations are computed again (checkpointing)"), choice.checkpointing ?? backbone.decoder, (on) => { choice.checkpointing = on; }));
      fields.push(make("fieldset", { class: "calculator-targets" }, make("legend", {}, "Trained too, and how"), ...boxes));
      moreFields.replaceChildren(...fields);
    }

    /* Buttons for what is changed most often; each is pressed while it holds. */

    /** @param {CostAnswer} found */
    function drawQuick({ setting }) {
      const { method: known, backbone, numbers, precision, checkpointing } = setting;
      const script = backbone.official[choice.method];
      const words = script && Object.entries({ ...script.words, gpus: script.gpus });
      const [label, long] = backbone.resolution ? ["Smaller image", "resolution"] : ["Shorter", "length"];
      const half = backbone.resolution ? 16 * Math.max(Math.floor(numbers.resolution / 32), 1) : Math.floor(numbers.length / 2);
      /** @type {QuickButton[]} */
      const buttons = [
        .../** @type {QuickButton[]} */ (known.lowRank && !known.quantised ? [["4 bits", precision === 4, () => { choice.precision = precision === 4 ? undefined : "4"; }]] : []),
        ["Checkpointing", checkpointing, () => { choice.checkpointing = !checkpointing; }],
        .../** @type {QuickButton[]} */ (half >= SHORTEST && (backbone.decoder || backbone.resolution) ? [[label, null, () => { choice.numbers[long] = String(half); }]] : []),
        .../** @type {QuickButton[]} */ (words ? [["As the official script", words.every(([name, text]) => stateOf().get(name) === text), () => words.forEach(([name, text]) => take(name, text))]] : []),
        ["Start again", null, () => { choice = { ...data.first, method: choice.method, backbone: choice.backbone, gpu: choice.gpu, numbers: {}, switches: {}, run: {} }; }],
      ];
      const focused = document.activeElement instanceof HTMLButtonElement && quick.contains(document.activeElement) ? document.activeElement.textContent : "";
      quick.replaceChildren(...buttons.map(([text, pressed, act]) => makeButton(pressed === null ? {} : { "aria-pressed": String(pressed) }, () => { act(); changed(); }, text)));
      [...quick.querySelectorAll("button")].find(({ textContent }) => textContent === focused)?.focus();
    }

    /* The setting in a line, as the summary of the fields that change it. */
    /** @param {CostAnswer} found */
    function settingLine({ setting }) {
      const { numbers, targets, tower, precision, checkpointing, method: known } = setting;
      const everything = targets.length > 1 && tower.all.every((name) => targets.includes(name)) && targets.length === tower.all.length;
      const said = [...Object.keys(known.parameters).filter((name) => name !== "targets" && known.variants[setting.variant].uses.includes(name) && numbers[name]).map((name) => `${LABELS[name].toLowerCase()} ${grouped(numbers[name])}`),
        ...(targets.length ? [everything ? "all linear layers" : targets.join(", ")] : []), sizeOf(data, setting), `${precision} bits`, ...(checkpointing ? ["checkpointing"] : [])];
      return `Setting: ${said.join(" · ")}`;
    }

    /** @param {string} words */
    function applyWords(words) {
      words.split(" ").map((word) => word.split("=")).forEach(([name, text]) => take(name, text));
      changed();
    }

    /* The answer */

    const headline = make("p", { role: "status", class: "calculator-headline" });
    const fit = make("div", { role: "status" });
    const reasons = make("div", {});
    const panel = make("div", { class: "fit-answer" }, fit, headline, reasons);
    const answers = make("div", { class: "calculator-answers" });
    const explain = make("details", { class: "calculator-explain" }, make("summary", {}, "Explain"), answers);
    const copied = make("span", { role: "status", class: "calculator-said" });

    /** @param {string} term @param {...Child} said */
    function line(term, ...said) {
      return make("div", {}, make("dt", {}, term), make("dd", {}, ...said));
    }

    /** @param {CostAnswer} found */
    function answerLines(found) {
      const { setting } = found;
      const total = setting.backbone.total;
      const lines = [line("Trainable parameters", make("strong", {}, grouped(found.trainable)),
        total ? ` (${significant(Number(found.percent))} % of the backbone’s ${grouped(total)})`
          : " (the backbone’s size is not established)")];
      if (setting.numbers.tasks !== 1) {
        lines.push(line("Trainable per task", `${grouped(found.perTask)} (${grouped(setting.numbers.tasks)} tasks)`));
      }
      lines.push(line("Stored per task", inBytes(found.storedBytes)));
      if (found.backboneBytes !== null) {
        lines.push(line("Backbone, stored once", inBytes(found.backboneBytes)));
      }
      lines.push(line("Extra operations at inference", extraText(found)), line("Can be merged", setting.method.mergeable),
        line("Gradient through the backbone", setting.method.backboneGradient));
      return make("dl", {}, ...lines);
    }

    /** @param {CostAnswer} found */
    function extraText({ setting, extraPercentUnmerged: extra }) {
      const merges = setting.method.mergeable === "yes";
      if (extra === null) {
        return merges ? "0 % merged, not established otherwise" : "not established";
      }
      const rounded = `${extra.toFixed(2)} %`;
      return merges ? (extra ? `0 % merged, ${rounded} otherwise` : "0 %") : rounded;
    }

    /** @param {CostAnswer} found */
    function formulaLines({ formula, letters, values, trainable }) {
      const named = (/** @type {string} */ name) => (data.letters[name] ? letterOf(data.letters[name][0]) : [name]);
      const numbered = (/** @type {string} */ name) => [grouped(values[name])];
      return make("div", { class: "calculator-formula" },
        make("p", {}, ...typeset(formula, named)),
        make("p", {}, "= ", ...typeset(formula, numbered)),
        make("p", {}, "= ", make("strong", {}, grouped(trainable))),
        make("ul", {}, ...letters.map((name) => make("li", {}, ...named(name), `: ${data.letters[name][1]}`))));
    }

    /** @param {CostAnswer} found */
    function countedLines({ counted, notCounted }) {
      return make("dl", {}, line("Counted", counted.join("; ") || "nothing"), line("Not counted", notCounted.join("; ") || "nothing"));
    }

    /** @param {CostAnswer} found */
    function reportedLines({ setting, trainable }) {
      const here = data.reported.filter(({ method: id, backbone }) => id === choice.method && backbone === choice.backbone);
      const same = here.filter((row) => Math.abs(row.trainable - trainable) < 1e-6 * Math.max(trainable, 1));
      const told = (/** @type {ReportedCost} */ { printed, verdict, reason, address, name, setting: words }, /** @type {boolean} */ withSetting) => make("li", {},
        make("strong", {}, printed), " in ", address ? make("a", { href: address }, name) : name, withSetting ? ` with ${words}` : "",
        `: ${verdict}${reason ? `, ${reason}` : ""}`);
      const others = here.filter((row) => !same.includes(row));
      /** @type {HTMLElement[]} */
      const pieces = [make("p", {}, same.length
        ? `With this setting ${same.length === 1 ? "one number is" : `${same.length} numbers are`} reported:`
        : `No reported number of this setting is in the book${others.length ? `; of other settings of ${setting.method.name} on this backbone there are ${others.length}` : ""}.`)];
      if (same.length) {
        pieces.push(make("ul", {}, ...same.map((row) => told(row, false))));
      }
      if (others.length) {
        pieces.push(make("details", {}, make("summary", {}, `Other settings of ${setting.method.name} on ${setting.backbone.name}`), make("ul", {}, ...others.map((row) => told(row, true)))));
      }
      return pieces;
    }

    /** @param {CostAnswer} found */
    function ranLines({ setting }) {
      const kind = survey.data.recipes?.kinds[choice.backbone] ?? "";
      return survey.data.recipes ? othersList([[setting.method.name, othersRan(choice.method, kind, "", choice.backbone)]]) : [];
    }

    /** @param {CostAnswer} found */
    function softwareLines({ setting }) {
      const rows = softwareOf(data, setting, choice.method);
      if (!rows.length) {
        return [make("p", {}, "No library that has this method was found.")];
      }
      if (survey.warningsOf(data, setting).length) {
        return [make("p", {}, "No lines are given: the targets do not stand in this model as they are named.")];
      }
      const few = rows.slice(0, FEW_LIBRARIES);
      const told = (/** @type {Software} */ { title, named, licence, maintained, official, verified, template }) => make("div", {},
        make("p", {}, make("strong", {}, title), `: ${named} (${licence}; ${official ? "by the authors; " : ""}${MAINTAINED[maintained]}; ${verified})`),
        ...(template.length ? [make("pre", {}, make("code", {}, filledLines(data, template, setting).join("\n")))] : []));
      const rest = rows.slice(FEW_LIBRARIES);
      const known = setting.targets.length && writtenTargets(setting.tower.libraries, setting.targets) !== null;
      const names = known ? "those of transformers 5, or of timm where queries, keys and values are one matrix."
        : "those of models whose blocks are Llama’s, and must be those of yours.";
      return [...few.map(told), ...(rest.length ? [make("details", {}, make("summary", {}, `${rest.length} more`), ...rest.map(told))] : []),
        ...(few.some(({ template }) => template.length) ? [make("p", {}, "Here ", make("code", {}, "model"), ` is your model; names of matrices are ${names}`)] : [])];
    }

    function command() {
      const { numbers, switches, classes } = choice;
      const words = [choice.method, "--backbone", choice.backbone, ...Object.entries(numbers).map(([name, text]) => `${name}=${text}`)];
      /** @type {const} */ (["variant", "part", "bits", "precision"]).filter((name) => choice[name]).forEach((name) => words.push(`${name}=${choice[name]}`));
      if (choice.targets?.length) {
        words.push(`targets=${choice.targets.join(",")}`);
      }
      Object.entries(switches).forEach(([name, on]) => words.push(`${name}=${on ? "yes" : "no"}`));
      words.push(...(choice.checkpointing === undefined ? [] : [`checkpointing=${choice.checkpointing ? "yes" : "no"}`]), ...(classes ? ["--classes", classes] : []));
      words.push(...Object.entries(choice.run).map(([name, text]) => `${name}=${text}`));
      /** @type {const} */ (["gpu", "gpus"]).filter((name) => choice[name]).forEach((name) => words.push(`--${name}`, /^\d/.test(String(choice[name])) ? String(choice[name]).replaceAll(" ", "") : `"${choice[name]}"`));
      return `peft-vlm-survey cost ${words.join(" ")}`;
    }

    const section = (/** @type {string} */ title, /** @type {Child[]} */ ...pieces) => make("section", {}, make("p", { class: "rubric" }, title), ...pieces);

    function show() {
      let found, fits;
      try {
        if (isMissing()) {
          throw new CostError([missing.method, missing.backbone, missing.word?.[0]].filter(Boolean).join(" "), "");
        }
        const preset = data.run.presets[choice.run.library]?.words.checkpointing; // a library's default, unless the reader says otherwise
        const asked = { ...choice, checkpointing: choice.checkpointing ?? (preset ? preset === "yes" : undefined) };
        found = costOf(data, asked);
        fits = fitAnswer(data, asked, found, applyWords);
      } catch (error) {
        if (!(error instanceof CostError)) {
          throw error;
        }
        headline.textContent = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)} ${error.remedy}`.trim();
        headline.classList.add("wrong");
        panel.classList.add("wrong");
        [fit, reasons, answers].forEach((part) => part.replaceChildren());
        explain.hidden = true;
        return;
      }
      [headline, panel].forEach((part) => part.classList.remove("wrong"));
      explain.hidden = false;
      drawQuick(found);
      stated.textContent = settingLine(found);
      const acts = placeOf(data, found.setting);
      headline.textContent = `${found.setting.method.name} on ${acts ? `${found.setting.backbone.name.replace(" (both towers)", "")}, ${acts}` : found.setting.backbone.name}: ${grouped(found.trainable)} trainable parameters`
        + (found.percent === null ? "" : `, ${significant(found.percent)}\u00a0%`);
      const key = found.setting.method.key;
      const source = data.references[key] ? [make("p", {}, "Defined in ", make("a", { href: `references.html#ref-${key}` }, data.references[key]), ".")] : [];
      const warnings = survey.warningsOf(data, found.setting).map((text) => make("p", { class: "calculator-warning" }, text));
      fit.replaceChildren(...fits.verdict);
      reasons.replaceChildren(...fits.reasons, ...warnings);
      answers.replaceChildren(...(fits.explained.length ? [section("Why", ...fits.explained)] : []), section("Counts", answerLines(found)), section("Formula", formulaLines(found), ...source), section("What the number holds", countedLines(found)),
        section("What papers reported", ...reportedLines(found)),
        section("What others ran", ...ranLines(found)),
        section("In software", ...softwareLines(found)),
        section("The same on the command line", make("pre", { class: "calculator-command" }, make("code", {}, command()))));
      answers.querySelectorAll("pre").forEach((block) => block.setAttribute("tabindex", "0")); // it may scroll
    }

    const control = (/** @type {string} */ name) => /** @type {HTMLInputElement | HTMLSelectElement} */ (controls.get(name));

    function draw() {
      /** @type {const} */ (["method", "backbone"]).forEach((name) => {
        control(name).value = missing[name] ? "" : choice[name]; // an empty list, not what stands in
        control(name).setAttribute("aria-invalid", String(Boolean(missing[name])));
      });
      const unsure = Boolean(missing.method ?? missing.backbone);
      [quick, more].forEach((fields) => { fields.hidden = unsure; });
      /** @type {const} */ (["gpu", "gpus"]).forEach((name) => { control(name).value = choice[name] ?? ""; });
      drawOwn();
      drawMore();
      classesFields.hidden ||= unsure;
      more.open ||= Boolean(missing.word && more.contains(controls.get(missing.word[1]) ?? null));
      controls.get(missing.word?.[1] ?? "")?.setAttribute("aria-invalid", "true");
    }

    function changed({ redraw = true } = {}) {
      if (redraw) { // a method or a backbone is chosen: what stands in for the other is seen from here on
        missing = {};
        const focused = document.activeElement?.id;
        draw();
        (focused?.startsWith("calculator-") ? document.getElementById(focused) : null)?.focus();
      }
      controls.get(missing.word?.[1] ?? "")?.removeAttribute("aria-invalid");
      delete missing.word; // what stands in the form is asked from here on
      show();
      if (!isMissing()) {
        writeState();
      }
    }

    async function copyLink() {
      await navigator.clipboard.writeText(isMissing() ? location.href : `${bareAddress()}#${stateText()}`);
      copied.textContent = "Copied";
    }

    addEventListener("hashchange", () => {
      if ((isMissing() || location.hash.slice(1) !== stateText()) && readState()) {
        draw();
        show();
      }
    });
    const form = make("form", { class: "calculator-form" }, mainFields, classesFields, quick, panel, more);
    form.addEventListener("submit", (event) => event.preventDefault());
    const link = make("p", { class: "calculator-link" }, makeButton({}, copyLink, "Copy link"), " ", copied);
    readState();
    drawMain(); // once: a list that is made anew forgets what was typed to find an item in it
    draw();
    show();
    const root = make("div", { class: "calculator", role: "group", "aria-label": "Calculator of costs" }, form, explain, link);
    place.replaceChildren(root);
    withRecipes(CALCULATOR_SCRIPT, show);
  }

  const place = /** @type {Element} */ (document.querySelector(".bd-article .cost-calculator"));
  const source = make("script", { src: new URL(String(CALCULATOR_SCRIPT.dataset.costs), CALCULATOR_SCRIPT.src).href });
  source.addEventListener("load", () => calculate(survey.data.costs, place)); // if it cannot be loaded, the table stands there alone
  document.head.append(source);
}
