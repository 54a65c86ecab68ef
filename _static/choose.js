// The chooser: a form, and below it the methods that keep every limit, in order, with reasons, evidence and what is open.
// No library. The facts come from choose-facts.js; make, makeButton and aside from tables.js, copyText from peft_vlm_survey.js.
// The rule is that of peft_vlm_survey/choose (order.py, evidence.py, unestablished.py); a test compares the two answers whole. Without this script a table stands here.
"use strict";

const CHOOSE_SCRIPT = document.currentScript; // its data-facts says where, beside it, the facts are

/* Numbers and words as peft_vlm_survey/choose/words.py writes them */

function fixed(number, digits) {
  const scale = 10 ** digits;
  const whole = Math.floor(number * scale + 0.5);
  const body = String(Math.floor(whole / scale)).replace(/\B(?=(\d{3})+$)/g, ",");
  return digits ? `${body}.${String(whole % scale).padStart(digits, "0")}` : body;
}

function short(number, digits) {
  const said = digits ? fixed(number, digits).replace(/0+$/, "").replace(/\.$/, "") : fixed(number, 0);
  return (said === "" || said === "0") && number > 0 ? short(number, digits + 1) : said || "0";
}

const signed = (number) => (number < 0 ? "−" : "+") + fixed(Math.abs(number), 2);
const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/* The question, as peft_vlm_survey/choose/question.py reads it */

class ChooseError extends Error {
  constructor(message, remedy, field) {
    super(message);
    this.remedy = remedy;
    this.field = field;
  }
}

const NUMBERS = { "": 1, k: 1e3, m: 1e6, b: 1e9 };
const BYTES = { "": 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9 };

function amountOf(text) {
  const found = /^(\d+(?:\.\d+)?|\.\d+) ?([A-Za-z%]*)$/.exec(text);
  return found ? [Number(found[1]), found[2].toLowerCase()] : [0, "?"];
}

function readTrained(text) {
  const [amount, unit] = amountOf(text);
  if (!text) {
    return [null, null];
  }
  if (unit === "%" && amount > 0 && amount <= 100) {
    return [amount, null];
  }
  if (Object.hasOwn(NUMBERS, unit) && amount * NUMBERS[unit] >= 1) {
    return [null, amount * NUMBERS[unit]];
  }
  throw new ChooseError(`max-trainable '${text}' is impossible.`, "Give a share of the backbone such as 1%, or a number of parameters such as 400000 or 0.4M.", "max-trainable");
}

function readStored(text) {
  const [amount, unit] = amountOf(text);
  if (!text) {
    return null;
  }
  if (Object.hasOwn(BYTES, unit) && amount * BYTES[unit] >= 1) {
    return amount * BYTES[unit];
  }
  throw new ChooseError(`max-stored '${text}' is impossible.`, "Give bytes a task, such as 5MB, 500kB or 1200000.", "max-stored");
}

function readMemory(text) {
  const [amount, unit] = amountOf(text);
  const share = unit === "%" ? amount / 100 : amount;
  if (!text) {
    return null;
  }
  if ((unit === "" || unit === "%") && share > 0 && share <= 1) {
    return share;
  }
  throw new ChooseError(`max-memory '${text}' is impossible.`, "Give a share of full fine-tuning, such as 0.5 or 50%.", "max-memory");
}

function readTasks(text) {
  if (/^\d{1,6}$/.test(text) && Number(text) >= 1) {
    return Number(text);
  }
  throw new ChooseError(`tasks '${text}' is impossible.`, "Give a whole number above zero, at most 999999.", "tasks");
}

function known(what, name, names) {
  if (name && !names.includes(name)) {
    throw new ChooseError(`${what} '${name}' is not known.`, "Choose one from the list.", what);
  }
}

function readChoice(words, facts) {
  const said = (name) => (words[name] ?? "").trim();
  known("category", said("category"), Object.keys(facts.categories));
  known("task", said("task"), Object.values(facts.tasks).flat());
  known("backbone", said("backbone"), Object.keys(facts.backbones));
  const homes = facts.homes[said("task")] ?? [];
  if (said("category") && homes.length && !homes.includes(said("category"))) {
    throw new ChooseError(`task '${said("task")}' has no numbers in category '${said("category")}'.`, `Its category is ${homes.join(" or ")}.`, "task");
  }
  const [percent, number] = readTrained(said("max-trainable"));
  known("data", said("data"), ["few", "full"]);
  known("no-slower", said("no-slower"), ["yes"]);
  return {
    category: said("category") || (homes[0] ?? ""),
    task: said("task"),
    backbone: said("backbone"),
    trained_percent: percent,
    trained_number: number,
    stored: readStored(said("max-stored")),
    memory: readMemory(said("max-memory")),
    no_slower: said("no-slower") === "yes",
    tasks: readTasks(said("tasks") || "1"),
    data: said("data"),
  };
}

/* The rule of order, as order.py, evidence.py and unestablished.py in peft_vlm_survey/choose have it */

const STANDINGS = [
  "level or ahead", "behind", "without reference", "behind elsewhere", "without reference elsewhere",
  "not ranked", "other tasks only", "no number",
];
const SEVERAL = 1.5;

/* Compare two lists of numbers and texts, the first difference decides; texts by their code points. */
function inOrder(one, other) {
  const i = one.findIndex((value, place) => value !== other[place]);
  return i < 0 ? 0 : one[i] < other[i] ? -1 : 1;
}

const sortedBy = (list, key) => list.map((value) => [key(value), value]).sort((a, b) => inOrder(a[0], b[0])).map(([, value]) => value);
const picked = (object, names) => Object.fromEntries(names.map((name) => [name, object[name]]));

function choose(question, facts) {
  const { words, groups, backbones } = facts;

  function nearness(index, backbone) {
    const one = groups[index];
    const task = !question.task || question.task === one.task ? 0 : one.tasks.includes(question.task) ? 1 : 2;
    const model = one.configuration === backbone ? 0 : one.type === backbones[backbone].type ? 1 : 2;
    const data = !question.data || (question.data === "few") === one.few ? 0 : 1;
    return [task, model, data, -one.methods, one.tier, one.protocol, one.backbone];
  }

  function backboneAndGroups() {
    const ranked = groups.map((_, index) => index).filter((index) => groups[index].category === question.category);
    let backbone = question.backbone;
    if (!backbone) {
      const [first] = Object.keys(backbones);
      const usable = ranked.filter((index) => Object.hasOwn(backbones, groups[index].configuration));
      const bare = sortedBy(usable, (index) => nearness(index, first).filter((_, i) => i !== 1));
      backbone = bare.length ? groups[bare[0]].configuration : first;
    }
    return [backbone, sortedBy(ranked, (index) => nearness(index, backbone))];
  }

  function fits(method) {
    if (!method.groups.length) {
      return true;
    }
    if (question.task) {
      return method.groups.some((name) => facts.tasks[name].includes(question.task));
    }
    return !question.category || method.categories.includes(question.category);
  }

  function costsOf(method, [setting, part, own, shared, storedOwn, storedShared, merged, unmerged, memory, rung]) {
    const trained = own + shared / question.tasks;
    const { total } = backbones[backbone];
    return {
      setting,
      part,
      trainable_per_task: trained,
      percent_per_task: total ? (100 * trained) / total : null,
      stored_bytes: storedOwn + storedShared / question.tasks,
      extra_flops_percent: question.tasks === 1 ? merged : unmerged,
      memory_ratio: memory,
      mergeable: method.mergeable,
      backbone_gradient: method.gradient,
      rung,
    };
  }

  function brokenBy(found) {
    const broken = [];
    const say = (name, values) => broken.push(fill(words[name], { setting: found.setting || "its only setting", ...values }));
    const { trainable_per_task: trained, percent_per_task: percent, memory_ratio: ratio, extra_flops_percent: extra } = found;
    if (question.trained_number !== null && trained > question.trained_number) {
      say("too-many", { number: fixed(trained, 0), limit: fixed(question.trained_number, 0) });
    }
    if (question.trained_percent !== null && percent === null) {
      say("share-open");
    } else if (question.trained_percent !== null && percent > question.trained_percent) {
      say("too-large-a-share", { percent: short(percent, 4), limit: short(question.trained_percent, 4) });
    }
    if (question.stored !== null && found.stored_bytes > question.stored) {
      say("too-large", { number: fixed(found.stored_bytes, 0), limit: fixed(question.stored, 0) });
    }
    if (question.memory !== null && ratio === null) {
      say("memory-open");
    } else if (question.memory !== null && ratio > question.memory) {
      say("too-much-memory", { ratio: short(ratio, 4), limit: short(question.memory, 4) });
    }
    if (question.no_slower && extra === null) {
      say("speed-open");
    } else if (question.no_slower && extra > 0) {
      say(question.tasks === 1 || found.mergeable === "no" ? "slower" : "slower-shared", { extra: short(extra, 4) });
    }
    return broken;
  }

  /* What a method costs at each setting that is possible, the usual one first, or why it is impossible. */
  function ladderOf(id) {
    const { "": usual, vision } = facts.costs;
    return (question.category === "vision" && Object.hasOwn(vision, backbone) ? vision : usual)[backbone][id];
  }

  function settingsOf(id, method) {
    if (!fits(method)) {
      return [[], [fill(words.purpose, { what: method.groups.join(", ").toLowerCase().replaceAll("clip", "CLIP") })]];
    }
    if (method.head_only && facts.generation.includes(question.task) && backbones[backbone].generates) {
      return [[], [fill(words["head-only"], { task: question.task })]];
    }
    if (method.few_only && question.data === "full") {
      return [[], [words["few-only"]]];
    }
    const ladder = ladderOf(id);
    if (typeof ladder === "string") {
      return [[], [fill(words.impossible, { why: ladder })]];
    }
    if (method.tower && method.tower !== ladder[0][1]) {
      return [[], [fill(words.tower, { tower: method.tower, part: ladder[0][1] })]];
    }
    const steps = ladder.map((step) => costsOf(method, step));
    const keeping = steps.filter((found) => !brokenBy(found).length);
    return [keeping, keeping.length ? [] : brokenBy(steps.at(-1))];
  }

  /* What is printed beside a score keeps the limits. A share becomes a number by the size of its own backbone, or of the reader's. */
  function keeps(row, settings) {
    if (row.rung !== null) {
      return settings.some((found) => found.rung === row.rung);
    }
    const { trained_percent: percent, trained_millions: millions } = row;
    const { total } = groups[row.group];
    const size = total || backbones[backbone].total;
    const number = millions !== null ? millions * 1000000 : percent !== null && size ? (percent * size) / 100 : 0;
    const share = percent !== null ? percent : total ? (100 * number) / total : 0;
    if (question.trained_percent !== null && share > question.trained_percent) {
      return false;
    }
    if (question.trained_number !== null && number > question.trained_number) {
      return false;
    }
    const some = settings.find((found) => found.trainable_per_task);
    return question.stored === null || !some || number * (some.stored_bytes / some.trainable_per_task) <= question.stored;
  }

  /* A table says of a number what was trained for it. */
  const isSized = (row) => row.rung !== null || row.trained_percent !== null || row.trained_millions !== null;

  /* A group of numbers about the task, or about one of the same group of tasks. */
  function isAbout(one) {
    const alike = question.task && Object.values(facts.tasks).find((tasks) => tasks.includes(question.task));
    return !alike || one.tasks.some((task) => alike.includes(task));
  }

  /* A number would count if full fine-tuning stood in its table (it speaks); it counts if it does. */
  function judged(row, settings, usual) {
    const about = isAbout(groups[row.group]);
    const kept = isSized(row) ? keeps(row, settings) : usual;
    const speaks = about && kept && row.tier !== "notes";
    // Numbers of parameters on two backbones are compared as shares of each, where the size is established.
    const { configuration, total } = groups[row.group];
    const derives = row.trained_percent === null && row.trained_millions !== null && configuration !== backbone && total;
    const share = derives ? (100 * (row.trained_millions * 1000000)) / total : row.trained_percent;
    return { ...row, about, keeps: kept, speaks, counts: speaks && row.gain !== null, share };
  }

  function standingOf(rows, first) {
    if (!first) {
      return rows.some((row) => row.about) ? 5 : rows.length ? 6 : 7;
    }
    if (first.gain !== null && first.gain >= 0) {
      return 0;
    }
    const one = groups[first.group];
    const elsewhere = question.task && !one.tasks.includes(question.task) && one.configuration !== backbone;
    return (first.gain === null ? 2 : 1) + (elsewhere ? 2 : 0);
  }

  /* What is printed beside a number as trained, what a setting trains, and the unit of both. */
  function printedOf(row, found) {
    if (row.share !== null && found.percent_per_task !== null) {
      return [row.share, found.percent_per_task, "%"];
    }
    return row.trained_millions === null ? null : [row.trained_millions, found.trainable_per_task / 1000000, "M"];
  }

  function nearestSetting(settings, by) {
    if (by && by.rung !== null) {
      return settings.find((found) => found.rung === by.rung);
    }
    const distances = (by ? settings.map((found) => printedOf(by, found)) : [])
      .filter((pair) => pair && pair[0] && pair[1]).map(([printed, own]) => Math.max(printed / own, own / printed));
    return settings[distances.length === settings.length ? distances.indexOf(Math.min(...distances)) : 0];
  }

  function reasonsOf(id, found, first, noted, standing) {
    const said = [];
    const by = first ?? noted;
    if (by) {
      const one = groups[by.group];
      const name = noted ? "noted" : by.gain === null ? "scored" : id === "full" ? "level" : "ahead";
      const gain = by.gain === null ? "" : `${signed(by.gain)} ${one.gain_unit}`;
      const value = `${by.shown} ${one.unit}`.trim();
      said.push(fill(words[name], { gain, value, metric: one.metric, benchmark: one.benchmark, protocol: one.name, backbone: one.backbone }));
    } else {
      said.push(words[standing === 7 ? "none" : "unranked"]);
    }
    const percent = found.percent_per_task;
    said.push(fill(words.costs, {
      setting: found.setting || "its only setting",
      number: fixed(found.trainable_per_task, 0),
      share: percent === null ? "" : fill(words.share, { percent: short(percent, 4) }),
      bytes: fixed(found.stored_bytes, 0),
    }));
    const extra = found.extra_flops_percent;
    if (extra === null) {
      said.push(words["speed-open"]);
    } else if (extra > 0) {
      said.push(fill(words.more, { extra: short(extra, 4) }));
    } else {
      said.push(words[found.mergeable === "yes" && id !== "full" ? "merged" : "no-more"]);
    }
    if (found.memory_ratio !== null) {
      said.push(fill(words.memory, { ratio: fixed(found.memory_ratio, 2) }));
    }
    if (found.backbone_gradient === "no") {
      said.push(words["no-gradient"]);
    }
    return said;
  }

  function openOf(id, method, found, rows, first) {
    const open = [];
    const say = (name, values = {}) => open.push(fill(words[name], values));
    if (!rows.length) {
      say("no-row");
    } else if (!first) {
      if (rows.every((row) => row.gain === null)) {
        say("no-reference");
      }
      const about = rows.filter((row) => row.about);
      if (about.some((row) => row.tier === "notes" && row.keeps)) {
        say("notes");
      }
      const better = about.filter((row) => row.tier !== "notes");
      const read = better.length ? better : about;
      if (read.length && !read.some((row) => row.keeps)) {
        say(read.every(isSized) ? "over-limit" : "over-limit-open");
      }
      if (!about.length) {
        say("elsewhere-only", { task: question.task });
      }
    } else {
      if (first.gain === null) {
        say("no-reference");
      }
      passedOver(say, rows, first);
      openOfNumber(say, id, found, rows, first);
    }
    if (question.category && method.category !== "" && method.category !== question.category) {
      const label = facts.categories[method.category];
      say("other-category", { category: label[0].toLowerCase() + label.slice(1) });
    }
    if (found.extra_flops_percent === null) {
      say("speed-open");
    }
    if (found.memory_ratio === null) {
      say("memory-open");
    }
    return open;
  }

  /* Why a number of a nearer group does not count, where a limit is the reason; rows stand by nearness. */
  function passedOver(say, rows, first) {
    const nearer = rows.slice(0, rows.findIndex((row) => row.group === first.group));
    const like = (row) => first.gain === null || row.gain !== null;
    const row = nearer.find((one) => one.about && like(one) && one.tier !== "notes" && !one.keeps);
    if (row) {
      const { unit, benchmark, backbone: on } = groups[row.group];
      const { trained_percent: percent, trained_millions: millions } = row;
      const printed = percent !== null ? `${short(percent, 4)} %` : millions !== null ? `${short(millions, 4)} M` : "";
      const name = row.rung !== null ? "passed-over-setting" : printed ? "passed-over" : "passed-over-open";
      say(name, { value: `${row.shown} ${unit}`.trim(), benchmark, backbone: on, printed });
    }
  }

  function openOfNumber(say, id, found, rows, first) {
    const one = groups[first.group];
    if (question.task && question.task !== one.task) {
      say("other-task", { task: question.task, other: one.task || one.benchmark });
    }
    if (one.configuration !== backbone) {
      say("other-backbone", { backbone: backbones[backbone].name, other: one.backbone });
    }
    if (question.data === "few") {
      say(one.few ? "fewer" : "more-data", { training: one.training || "not stated" });
    }
    if (question.data === "full" && one.few) {
      say("less-data", { training: one.training || "not stated" });
    }
    if (first.tier !== "primary") {
      say("read-in", { tier: facts.tiers[first.tier] });
    }
    if (id !== "full" && first.rung === null) {
      const pair = printedOf(first, found);
      if (!pair) {
        say("share-unknown");
      } else if (pair[0] > SEVERAL * pair[1] || pair[1] > SEVERAL * pair[0]) {
        const [printed, own] = pair.slice(0, 2).map((number) => `${short(number, 4)} ${pair[2]}`);
        say("share-differs", { printed, own });
      }
    }
    const alike = rows.filter((row) => row.group === first.group && row.tier === first.tier && row.gain !== null && row.keeps).map((row) => row.gain);
    if (id !== "full" && alike.length > 1) {
      say("several", { count: String(alike.length), gain: signed(Math.min(...alike)) });
    }
    if (!first.seeds) {
      say("runs");
    }
    if (id === "full") {
      return;
    }
    say(one.selection ? "selection" : "selection-open", { selection: one.selection });
    // A mean of points and of FID would be neither.
    const others = rows.filter((row) => row.counts && row.group !== first.group && groups[row.group].gain_unit === one.gain_unit);
    if (others.length) {
      const gains = others.map((row) => row.gain);
      say("elsewhere", { count: String(new Set(others.map((row) => row.group)).size), low: signed(Math.min(...gains)), high: signed(Math.max(...gains)) });
    }
    if (id === "adapter-houlsby") {
      say("adapter-place");
    }
  }

  const ROW = [
    "printed", "origin", "key", "home", "locator", "anchor", "value", "shown", "spread", "seeds", "claim", "tier", "gain",
    "trained_percent", "trained_millions", "counts",
  ];
  const evidenceOf = (row, first, noted) => ({
    ...picked(row, ROW),
    ...picked(groups[row.group], ["protocol", "name", "backbone", "benchmark", "unit", "gain_unit", "task"]),
    decides: row === first,
    orders: row === noted,
  });

  function methodOf(id, method, settings) {
    const place = new Map(ranked.map((index, rank) => [index, rank]));
    const tiers = Object.keys(facts.tiers);
    const usual = settings[0].rung === ladderOf(id)[0].at(-1);
    const own = facts.rows.filter((row) => row.method === id && place.has(row.group)).map((row) => judged(row, settings, usual));
    const rows = sortedBy(own, (row) =>
      [place.get(row.group), Number(!row.counts), tiers.indexOf(row.tier), Number(row.gain === null), -(row.gain ?? 0) + 0, -row.score + 0, row.anchor]);
    const bare = !rows.some((row) => row.counts);
    const first = rows.find((row) => (bare ? row.speaks : row.counts));
    // Numbers known from notes order what has nothing better, among itself.
    const noted = first ? undefined : rows.find((row) => row.about && row.keeps);
    const by = first ?? noted;
    const found = nearestSetting(settings, by);
    const standing = standingOf(rows, first);
    const memory = found.memory_ratio;
    return {
      order: [standing, by ? place.get(by.group) : ranked.length, by ? -(bare ? by.score : by.gain) + 0 : 0, found.trainable_per_task, Number(memory === null), memory ?? 0, id],
      method: id,
      name: method.name,
      reference: method.reference,
      standing: STANDINGS[standing],
      gain: first ? first.gain : null,
      costs: found,
      reasons: reasonsOf(id, found, first, noted, standing),
      evidence: rows.map((row) => evidenceOf(row, first, noted)),
      not_established: openOf(id, method, found, rows, first),
      software: method.software.map((one) => ({ ...one, lines: one.lines[found.rung] })),
    };
  }

  const [backbone, ranked] = backboneAndGroups();
  const kept = [];
  const leftOut = [];
  for (const [id, method] of Object.entries(facts.methods)) {
    const [settings, reasons] = settingsOf(id, method);
    if (!settings.length) {
      leftOut.push({ method: id, name: method.name, reference: method.reference, reasons });
    } else {
      kept.push(methodOf(id, method, settings));
    }
  }
  const notes = [];
  if (!question.backbone) {
    notes.push(fill(words[ranked.length ? "assumed" : "assumed-any"], { backbone: backbones[backbone].name }));
  }
  if (!ranked.length) {
    notes.push(words[question.task || question.category ? "no-evidence" : "ask"]);
  }
  notes.push(words.head);
  if (!kept.length) {
    notes.push(words.nothing);
  }
  return {
    question,
    backbone,
    nearest: ranked.length ? picked(groups[ranked[0]], ["protocol", "name", "backbone", "benchmark", "task", "methods", "note"]) : null,
    methods: sortedBy(kept, (found) => found.order).map(({ order, ...found }) => found),
    left_out: leftOut,
    notes,
    rule: facts.rule,
  };
}

/* The page */

const FIRST_METHODS = 5; // so many are unfolded

function chooser(facts, place) {
  const fields = {};
  const option = (value, text) => make("option", { value }, text);

  function field(name, label, input, help) {
    const id = `choose-${name}`;
    input.id = id;
    fields[name] = input;
    const parts = [make("label", { for: id }, label), input];
    if (help) {
      parts.push(make("small", { id: `${id}-help` }, help));
      input.setAttribute("aria-describedby", `${id}-help`);
    }
    return make("div", { class: "choose-field" }, ...parts);
  }

  const select = (...children) => make("select", {}, ...children);
  const text = () => make("input", { type: "text", autocomplete: "off", spellcheck: "false" });
  const slower = make("input", { type: "checkbox", value: "yes" });

  const form = make("form", { class: "choose-form", "aria-label": "What you have and what you may spend" },
    make("fieldset", {}, make("legend", {}, "What you want to do"),
      field("category", "Category", select(option("", "That of the task"), ...Object.entries(facts.categories).map(([id, name]) => option(id, name)))),
      field("task", "Task", select(option("", "Any"), ...Object.entries(facts.tasks).map(([name, tasks]) =>
        make("optgroup", { label: name }, ...tasks.map((task) => option(task, task)))))),
      field("backbone", "Backbone", select(option("", "That of the nearest evidence"), ...Object.entries(facts.backbones).map(([id, { name }]) => option(id, name)))),
      field("data", "Training data", select(option("", "Either"), option("few", "A few examples"), option("full", "A full training set")))),
    make("fieldset", {}, make("legend", {}, "What it may cost"),
      field("max-trainable", "Trained a task, at most", text(), "1% of the backbone, or 0.4M parameters"),
      field("max-stored", "Stored a task, at most", text(), "5MB, 500kB"),
      field("max-memory", "Training memory, at most", text(), "share of full fine-tuning: 0.5 or 50%"),
      field("tasks", "Tasks that share the backbone", Object.assign(text(), { inputMode: "numeric" }), "1 if left empty"),
      field("no-slower", "Inference must not get slower", slower)));

  const problem = make("p", { class: "choose-problem", role: "alert", id: "choose-problem" });
  const status = make("p", { class: "choose-status", role: "status" });
  const said = make("span", { role: "status" });
  const clear = makeButton({}, () => { write({}); update(); fields.category.focus(); }, "Clear all");
  const link = makeButton({}, async () => { said.textContent = (await copyText(linkHere())) ? "Link copied." : "The address of this page is the link."; }, "Copy link");
  const answer = make("div", { class: "choose-answer" });
  const root = make("div", { class: "choose" }, form, problem, make("div", { class: "choose-tools" }, status, clear, link, said), answer);

  const read = () => Object.fromEntries(Object.entries(fields).map(([name, input]) => [name, input === slower ? (slower.checked ? "yes" : "") : input.value.trim()]));

  function write(words) {
    for (const [name, input] of Object.entries(fields)) {
      if (input === slower) {
        slower.checked = words[name] === "yes";
      } else {
        input.value = words[name] ?? "";
        if (input.selectedIndex === -1) { // a choice that the address names and the list has not
          input.value = "";
        }
      }
    }
  }

  function stateText() {
    const state = new URLSearchParams();
    Object.entries(read()).filter(([, value]) => value).forEach(([name, value]) => state.append(name, value));
    return state.toString();
  }

  const linkHere = () => location.href.replace(/#.*/, "") + (stateText() && `#${stateText()}`);
  const readAddress = () => write(Object.fromEntries(new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "")));

  let waiting;

  function writeAddress() {
    clearTimeout(waiting); // browsers refuse more than about three changes a second
    waiting = setTimeout(() => {
      const foreign = location.hash && !location.hash.includes("="); // a link to a section of the page
      if (linkHere() !== location.href && !(foreign && !stateText())) {
        history.replaceState(null, "", linkHere());
      }
    }, 300);
  }

  const cited = (key) => {
    const { address, text } = facts.cites[key] ?? {};
    return address ? make("a", { href: address }, text) : text ?? null;
  };
  const list = (texts, name) => make("ul", name ? { class: name } : {}, ...texts.map((one) => make("li", {}, ...[one].flat())));

  function evidenceLine(row) {
    const number = `${row.shown}${row.spread ? ` ± ${row.spread}` : ""} ${row.unit}`.trim();
    const board = facts.boards[`${row.protocol}|${row.backbone}`];
    const at = row.home ? make("a", { href: `papers/${row.home}.html#${row.anchor}` }, `${row.printed}: ${number}`) : `${row.printed}: ${number}`;
    const share = row.trained_percent !== null ? `; trained ${row.trained_percent} %` : row.trained_millions !== null ? `; trained ${row.trained_millions} M` : "";
    const gain = row.gain === null ? "; no full fine-tuning beside it" : `; gain ${signed(row.gain)} ${row.gain_unit}`;
    const line = [at, `, ${row.benchmark}, ${row.name}, ${row.backbone}${gain}${share}; ${facts.tiers[row.tier]}`];
    if (row.key) {
      line.push("; ", cited(row.key), `, ${row.locator}`);
    }
    if (board) {
      line.push("; ", make("a", { href: board }, "leaderboard", aside(` of ${row.name}, ${row.backbone}`)));
    }
    line.push(row.decides ? ". Its place follows from this number." : row.orders ? ". It was read in notes, and orders only what has nothing better." : row.counts ? "." : ". It does not count for the order.");
    return line;
  }

  /* Lines that name no value of the setting are examples; the reader's own model decides the names of its modules. */
  function softwareOf({ library, name, version, licence, maintained, lines }) {
    const about = [version, licence || "licence not established", maintained === "yes" ? "maintained" : maintained === "no" ? "not maintained" : "maintenance not established"];
    const said = [make("strong", {}, library), ` ${name} (${about.filter(Boolean).join(", ")})`];
    if (lines.length) {
      said.push(make("pre", { tabindex: "0", "aria-label": `Lines for ${library}` }, lines.join("\n")));
    }
    return said;
  }

  function methodItem(found, i) {
    const heading = make("summary", {}, make("strong", {}, found.name), ` ${found.standing}${found.gain === null ? "" : `, ${signed(found.gain)}`}${found.evidence.some((row) => row.orders) ? ", ordered by notes" : ""}`);
    const parts = [heading, list(found.reasons, "choose-reasons")];
    parts.push(make("p", {}, ...(found.reference ? ["Proposed by ", cited(found.reference), "; "] : []), make("a", { href: facts.costsPage }, found.reference ? "how its costs are counted" : "How its costs are counted"), "."));
    if (found.evidence.length) {
      const few = found.evidence.slice(0, 3);
      const rest = found.evidence.slice(3);
      parts.push(make("p", { class: "choose-head" }, "Evidence"), list(few.map(evidenceLine)));
      if (rest.length) {
        parts.push(make("details", {}, make("summary", {}, `More numbers: ${rest.length}`, aside(` of ${found.name}`)), list(rest.map(evidenceLine))));
      }
    }
    if (found.not_established.length) {
      parts.push(make("p", { class: "choose-head" }, "Not established"), list(found.not_established, "choose-open"));
    }
    if (found.software.length) {
      parts.push(make("p", { class: "choose-head" }, "Software"), list(found.software.map(softwareOf), "choose-software"));
      if (found.software.some(({ lines }) => lines.length)) {
        parts.push(make("p", {}, facts.words.yours));
      }
    }
    return make("li", { "data-method": found.method }, make("details", i < FIRST_METHODS ? { open: "" } : {}, ...parts));
  }

  function show(found) {
    const near = found.nearest;
    const board = near && facts.boards[`${near.protocol}|${near.backbone}`];
    const group = near && make("p", {}, "Nearest group: ", board ? make("a", { href: board }, near.name) : near.name, `, ${near.backbone}, ${near.methods} methods.${near.note ? ` ${near.note}.` : ""}`);
    answer.replaceChildren(
      ...found.notes.map((note) => make("p", { class: "choose-note" }, note)), ...(group ? [group] : []),
      make("ol", { class: "choose-methods" }, ...found.methods.map(methodItem)),
      ...(found.left_out.length
        ? [make("details", { class: "choose-left-out" }, make("summary", {}, `Left out, with the reasons: ${found.left_out.length}`),
          list(found.left_out.map(({ name, reasons }) => [make("strong", {}, name), ` ${reasons.join(" ")}`])))]
        : []));
    status.textContent = `Methods that keep every limit: ${found.methods.length}. Left out: ${found.left_out.length}.`;
  }

  function update() {
    Object.values(fields).forEach((input) => input.removeAttribute("aria-invalid"));
    said.textContent = "";
    try {
      const question = readChoice(read(), facts);
      problem.replaceChildren();
      if (question.category || question.task) {
        show(choose(question, facts));
      } else {
        status.textContent = "Choose a category or a task first: a score on one task says nothing of another.";
        answer.replaceChildren();
      }
    } catch (error) {
      if (!(error instanceof ChooseError)) {
        throw error;
      }
      fields[error.field]?.setAttribute("aria-invalid", "true");
      problem.replaceChildren(`${error.message} ${error.remedy}`);
      status.textContent = "No answer.";
      answer.replaceChildren();
    }
    writeAddress();
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", update);
  addEventListener("hashchange", () => {
    if (location.href !== linkHere() && (location.hash.includes("=") || !location.hash)) {
      readAddress();
      update();
    }
  });
  readAddress();
  update();
  place.replaceWith(root);
}

{
  const place = document.querySelector(".bd-article .choose-place");
  const source = make("script", { src: new URL(CHOOSE_SCRIPT.dataset.facts, CHOOSE_SCRIPT.src).href });
  source.addEventListener("load", () => chooser(window.surveyChoose, place)); // if it cannot be loaded, the table stays
  document.head.append(source);
}
