// What a method costs on a backbone, by the formulas that the build wrote: the same rules and numbers as survey/costs.
// `data` is window.surveyCosts; a choice names method, backbone, and what the reader set of the rest.
"use strict";

class CostError extends Error {
  constructor(message, remedy) {
    super(message);
    this.remedy = remedy;
  }
}

const wholeNumber = (name, text) => {
  if (!/^[0-9]+$/.test(text) || Number(text) < 1) {
    throw new CostError(`${name} '${text}' is impossible.`, "Give a whole number above zero.");
  }
  return Number(text);
};
const sumOf = (numbers) => numbers.reduce((sum, number) => sum + number, 0);
const atLength = ([constant, linear, square], length) => constant + linear * length + square * length * length;
/* Sums of means come out a little beside the whole number that they are. */
const tidied = (number) => (Math.abs(number - Math.round(number)) < 1e-5 ? Math.round(number) : number);

/* The setting: every parameter gets its number, or the reader is told what is impossible. */

function readSetting(data, choice) {
  const method = data.methods[choice.method];
  const backbone = data.backbones[choice.backbone];
  const part = choice.part || (method.whole ? "all" : backbone.default);
  const usable = method.whole ? Object.keys(backbone.whole) : Object.keys(backbone.parts);
  if (!usable.includes(part)) {
    throw new CostError(`part '${part}' is impossible for ${backbone.name}.`, `Use one of: ${usable.join(", ")}.`);
  }
  const tower = backbone.parts[part] ?? backbone.parts[backbone.default];
  if (tower.unmet[choice.method]) {
    throw new CostError(tower.unmet[choice.method], "Choose another backbone or method.");
  }
  const variant = choice.variant || backbone.variants[choice.method] || Object.keys(method.variants)[0];
  const setting = { id: choice.method, method, backbone, part, tower, variant, classes: readClasses(choice.classes) };
  setting.numbers = numbersOf(setting, choice.numbers ?? {});
  checkPossible(setting);
  setting.targets = "targets" in method.parameters ? targetsOf(setting, choice.targets) : [];
  Object.assign(setting.numbers, { classes: setting.classes ?? 0, batch: setting.numbers.batch ?? data.batch, length: setting.numbers.length ?? tower.length });
  setting.switches = Object.fromEntries(Object.entries(method.switches).map(([name, on]) => [name, choice.switches?.[name] ?? on]));
  if (choice.switches?.projector && !backbone.hasProjector) {
    throw new CostError(`${backbone.name} has no projector.`, "Leave projector out.");
  }
  setting.bits = Number(choice.bits || method.bits);
  setting.precision = Number(choice.precision || (choice.method === "qlora" ? setting.bits : 16));
  if (!data.precisions.includes(setting.precision)) {
    throw new CostError(`precision '${setting.precision}' is impossible.`, `Use one of: ${data.precisions.join(", ")}.`);
  }
  setting.checkpointing = Boolean(choice.checkpointing);
  return setting;
}

function readClasses(text) {
  if (text === undefined || text === null || text === "") {
    return null;
  }
  const found = /^([0-9]+)(?:\/([0-9]+))?$/.exec(text);
  const classes = found ? Number(found[1]) / Number(found[2] ?? 1) : 0;
  if (!(classes >= 1 && classes < Infinity)) {
    throw new CostError(`classes '${text}' is impossible.`, "Give a number of at least 1, or a mean such as 940/19.");
  }
  return classes;
}

function numbersOf({ id, method, tower, variant }, given) {
  const said = Object.fromEntries(Object.entries(given).filter(([, text]) => text !== ""));
  const texts = { ...Object.fromEntries(Object.entries(method.parameters).filter(([, text]) => text !== null)), ...said };
  if ("bottleneck" in said && "reduction" in said) {
    throw new CostError("bottleneck and reduction are both given.", "Give one of them.");
  }
  if ("bottleneck" in said || (!("reduction" in said) && method.parameters.bottleneck)) {
    delete texts.reduction;
  } else if ("reduction" in said) {
    delete texts.bottleneck;
  }
  delete texts.targets;
  const numbers = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, wholeNumber(name, String(text))]));
  numbers.tasks ??= method.variants[variant].tasks;
  if ("bottleneck" in method.parameters && "reduction" in numbers) {
    if (new Set(tower.widths).size > 1) {
      throw new CostError("reduction: the width of this backbone differs from stage to stage.", "Give bottleneck.");
    }
    numbers.bottleneck = Math.floor(tower.widths[0] / numbers.reduction);
  }
  numbers.mlp ??= 0;
  const stacks = [...tower.encoder, ...tower.decoder];
  if (id === "llama-adapter") {
    numbers.layers ??= Math.max(sumOf(stacks) - 2, 1);
  } else if (id === "difffit") {
    numbers.layers ??= Math.ceil(sumOf(stacks) / 2);
  }
  if (method.side) {
    numbers.side_layers ??= Math.max(...stacks);
    numbers.side_encoder = tower.encoder.length ? Math.min(numbers.side_layers, ...tower.encoder) : 0;
    numbers.side_decoder = tower.decoder.length ? Math.min(numbers.side_layers, ...tower.decoder) : 0;
  }
  return numbers;
}

function checkPossible({ id, method, backbone, tower, variant, numbers, classes }) {
  const stacks = [...tower.encoder, ...tower.decoder];
  for (const [name, most, what] of [["layers", sumOf(stacks), "layers"], ["side_layers", Math.max(...stacks), "layers a stack"]]) {
    if (name in method.parameters && numbers[name] > most) {
      throw new CostError(`${name} '${numbers[name]}' is impossible: ${backbone.name} has ${most} ${what}.`, `Give at most ${most}.`);
    }
  }
  if ("bottleneck" in method.parameters && numbers.bottleneck === 0) {
    throw new CostError(`reduction '${numbers.reduction}' is impossible: ${backbone.name} is ${tower.widths[0]} wide.`, `Give at most ${tower.widths[0]}.`);
  }
  if (["compacter", "compacter-pp"].includes(variant) && [...tower.widths, numbers.bottleneck].some((size) => size % numbers.phm)) {
    throw new CostError(`phm '${numbers.phm}' does not divide the widths of ${backbone.name} and ${numbers.bottleneck}.`,
      "The hypercomplex product needs a common divisor of width and bottleneck.");
  }
  if (method.side && tower.sides.some((size) => size % numbers.reduction)) {
    throw new CostError(`reduction '${numbers.reduction}' does not divide the widths of ${backbone.name}.`, "Give a common divisor of its widths, such as 4 or 8.");
  }
  const embedding = tower.quantities.embedding ?? 0;
  if (id === "clip-adapter" && embedding % numbers.reduction) {
    throw new CostError(`reduction '${numbers.reduction}' does not divide the embedding, which is ${embedding} wide.`, "Give a divisor of it, such as 4.");
  }
  if (classes === null && (id === "tip-adapter-f" || variant === "class-specific")) {
    throw new CostError(`${method.name} counts by classes, and none are given.`, "Give their number.");
  }
}

function targetsOf({ method, backbone, tower }, given) {
  const names = (given?.length ? given : method.parameters.targets?.split(",") ?? tower.ia3)
    .flatMap((name) => ({ all: tower.all, "vision.all": tower.allOfVision.length ? tower.allOfVision : [name] }[name] ?? [name]));
  for (const name of names) {
    if (!tower.targets[name]) {
      throw new CostError(`target '${name}': ${backbone.name} has no such matrix.`, `Use some of: ${Object.keys(tower.targets).join(", ")}.`);
    }
  }
  for (const prefix of ["", "vision."]) {
    if (names.includes(`${prefix}qkv`) && ["q", "k", "v"].some((name) => names.includes(prefix + name))) {
      throw new CostError(`target '${prefix}qkv' holds q, k and v already.`, "Name the whole or its thirds.");
    }
  }
  return names;
}

/* The letters of the formulas and their numbers */

function targetSums({ tower, targets }) {
  const chosen = targets.map((name) => tower.targets[name]);
  const sum = (quantity) => sumOf(chosen.map((target) => target[quantity]));
  const inputs = Object.assign({}, ...chosen.map((target) => target.inputs)); // queries, keys and values share theirs
  return { sides: sum("sides"), outputs: sum("outputs"), scaled: sum("scaled"), count: sum("count"), inputs: sumOf(Object.values(inputs)) };
}

function valuesOf(data, setting) {
  const { backbone, method, part, tower } = setting;
  const sums = targetSums(setting);
  const own = { ...tower.quantities, ...(method.whole && { params: backbone.whole[part] }) };
  const switches = { ...setting.switches, head: setting.classes !== null };
  const said = {
    parameter: (name) => setting.numbers[name],
    quantity: (name) => own[name] ?? 0,
    targets: (name) => sums[name],
    switch: (name) => Number(switches[name] ?? false),
    fixed: Number,
  };
  return Object.fromEntries(Object.entries(data.letters).map(([letter, [, , source, origin]]) => [letter, said[source](origin)]));
}

/* The answer */

function costOf(data, choice) {
  const setting = readSetting(data, choice);
  const { id, method, backbone, tower, variant, numbers, bits } = setting;
  const formulas = data.formulas[`${id} ${variant}`];
  const values = valuesOf(data, setting);
  const trainable = tidied(formulas.total(values));
  const perTask = tidied(trainable / numbers.tasks);
  const head = method.head && setting.classes !== null ? values.c_0 + values.c_1 * setting.classes : 0;
  const base = atLength(tower.macs, numbers.length);
  const mean = tower.meanTokens ?? numbers.length;
  const extra = formulas.macs && formulas.macs({ ...values, T: mean, F: base });
  const extraPercent = formulas.macs ? (100 * extra) / base : null;
  const few = id === "qlora" ? backbone.quantised[bits] ?? (backbone.total && (backbone.total * bits) / 8) : null;
  const asked = { ...setting, values, formulas, trainable, perTask, head, mean, backboneBytes: few };
  return {
    setting,
    values,
    trainable,
    perTask,
    percent: backbone.total && (100 * trainable) / backbone.total,
    percentOfAll: backbone.total && (100 * trainable) / (backbone.total + addedTo(asked)),
    storedBytes: tidied(storedBytes(data, asked)),
    backboneBytes: few,
    extraPercent: method.mergeable === "yes" ? 0 : extraPercent,
    extraPercentUnmerged: extraPercent,
    memoryRatio: memoryRatio(data, asked),
    memory: memoryBytes(data, asked),
    ...formulaOf(data, asked),
    ...countedIn(data, asked),
  };
}

function storedBytes(data, { id, method, variant, tower, numbers, bits, classes, targets, switches, values, formulas, perTask, head }) {
  const body = perTask - head;
  if (!id.startsWith("bi-")) {
    return ((body * method.copies + head) * (id === "qlora" ? data.headBits : bits)) / 8;
  }
  const places = targets.length ? values.z_count : sumOf([...tower.encoder, ...tower.decoder]);
  const core = formulas.each(values);
  const quantised = (core * bits) / 8 + places * 2 * data.binaryOverhead;
  const rest = body - core;
  return variant === "bi-head" && classes !== null
    ? quantised + 4 * rest + (values.d * classes) / 8 + 8
    : quantised + 4 * (rest + head);
}

/* What of the trained parameters the backbone does not have without the method */
function addedTo({ id, numbers, tower, switches, values, formulas, head }) {
  let added = numbers.tasks * formulas.each(values) + formulas.once(values);
  if (["full", "norm-tuning", "spt", "bitfit"].includes(id)) {
    added = 0;
  } else if (id === "difffit") {
    added -= numbers.tasks * values.b;
  }
  return added + numbers.tasks * head + (switches.biases || id === "bitfit" ? tower.addedBiases : 0);
}

function memoryRatio(data, asked) {
  const { backbone, tower, numbers, values, mean, head, trainable } = asked;
  if (!backbone.total) {
    return null;
  }
  const { weight, trained, activation } = data.ratio;
  const full = (weight + trained) * (backbone.total + head * numbers.tasks)
    + numbers.batch * activation * (atLength(tower.passing, numbers.length) + mean * values.I);
  const own = (asked.backboneBytes ?? weight * backbone.total) + weight * addedTo(asked) + trained * trainable
    + numbers.batch * activation * keptByOne(asked);
  return own / full;
}

function keptByOne({ method, tower, numbers, values, formulas, mean }) {
  const { length } = numbers;
  const own = mean * formulas.kept({ ...values, T: length });
  const passing = atLength(tower.passing, length);
  if (method.side) {
    const scores = tower.scores * length * length;
    const share = (numbers.side_encoder + numbers.side_decoder) / values.L;
    return own + share * ((passing - scores) / numbers.reduction + scores);
  }
  if (method.gradient === "no") {
    return own;
  }
  if (method.longer) {
    return atLength(tower.passing, length + numbers.tokens) + (own * (length + numbers.tokens)) / length;
  }
  return passing + own;
}

/* Low, middle and high in bytes; only low and high are shown. */
function memoryBytes(data, { id, method, backbone, tower, numbers, precision, checkpointing, values, formulas, trainable }) {
  if (!backbone.total) {
    return null;
  }
  const model = data.memory;
  const isFull = id === "full";
  const backward = method.gradient !== "no";
  const [kept, bare, block] = backward ? (isFull ? tower.keptInFull : tower.kept) : [formulas.kept(values), 0, 0];
  const tokens = numbers.batch * (numbers.length + (method.longer ? numbers.tokens : 0));
  const few = precision < 16;
  const again = checkpointing && backward;
  return [0, 1, 2].map((which) => {
    const weights = few
      ? backbone.quantisable * (precision === 4 ? model.fourBits : 1) + model.unquantised[which] * (backbone.total - backbone.quantisable)
      : (backbone.total * precision) / 8;
    const states = isFull ? model.fullStates[which] * backbone.total : model.states[which] * trainable;
    const factor = model.kept[again ? "checkpointed" : few ? "few" : "many"][which];
    const activations = again ? 2 * tokens * (bare + factor * block) : 2 * tokens * factor * kept;
    const logits = tokens * tower.vocabulary * model.logits[which];
    return weights + states + activations + logits + (few ? 2 * tower.largest * model.dequantised[which] : 0) + model.context[which];
  });
}

/* The formula in the letters' names, what is switched off or one left out; and what the number counts */

function formulaOf(data, { method, variant, numbers, switches, classes, values }) {
  const single = numbers.tasks === 1;
  const core = method.variants[variant].forms[(numbers.mlp ? 2 : 0) + (single ? 0 : 1)];
  const on = Object.keys(method.switches).filter((name) => switches[name]);
  const terms = [...on, ...(switches.norms && switches.biases ? ["norms biases"] : [])].map((name) => method.terms[name] ?? "0");
  if (method.head && classes !== null) {
    const head = values.c_0 ? "C*c_1 + c_0" : "C*c_1";
    terms.push(single ? head : values.c_0 ? `K*(${head})` : `K*${head}`);
  }
  const all = [core, ...terms].filter((term) => term !== "0");
  const formula = all.length ? all.map((term, i) => (i && !term.startsWith("-") ? `+ ${term}` : term.replace(/^-(?=\S)/, i ? "- " : "-"))).join(" ") : "0";
  const letters = Object.keys(data.letters).filter((name) => new RegExp(`(?<!\\w)${name}(?!\\w)`).test(formula));
  return { formula, letters };
}

function countedIn(data, { method, switches, classes }) {
  const counted = method.counted.filter((text) => text !== "the norms" || switches.norms);
  const notCounted = method.notCounted.filter((text) => (text.includes("--classes") ? classes === null : !switches[text.split(",")[0]]));
  if (method.counted.includes("the norms") && !switches.norms) {
    notCounted.unshift("norms");
  }
  counted.push(...Object.keys(method.switches).filter((name) => switches[name] && !method.switches[name]).map((name) => data.switches[name]));
  if (classes !== null && method.head) {
    counted.push(`a head of ${tidied(classes)} classes`);
  }
  const worded = (text) => text.replace(", unless --classes is given", "").replace(", if --classes is given", ", if classes are given").replace("needs --classes", "needs classes");
  return { counted: counted.map(worded), notCounted: notCounted.map(worded) };
}

/* Targets as Python: a list of names, or a pattern of whole paths; null if no library knows them all */
function writtenTargets(libraries, targets) {
  const known = libraries.find((one) => targets.every((name) => one[name]));
  if (!known) {
    return null;
  }
  const byPath = new Map();
  for (const [path, name] of targets.map((target) => known[target])) {
    byPath.set(path, [...(byPath.get(path) ?? []), name]);
  }
  if ([...byPath.keys()].every((path) => path === "")) {
    return `[${(byPath.get("") ?? []).map((name) => `"${name}"`).join(", ")}]`;
  }
  const ways = [...byPath].map(([path, names]) => `${path}.*\\.(${names.join("|")})`);
  return ways.length === 1 ? `r".*${ways[0]}"` : `r".*(${ways.join("|")})"`;
}

/* The lines of a library with the setting's values in their places, as survey/costs/software.py fills them */
function filledLines(data, template, { backbone, tower, numbers, targets, classes }) {
  const values = { ...data.open, auto: backbone.loader };
  for (const name of Object.keys(data.open).filter((known) => numbers[known])) {
    values[name] = String(numbers[name]);
  }
  if (classes !== null) {
    values.classes = String(Math.round(classes));
  }
  if (targets.length) {
    const inner = targets.filter((name) => data.inner.includes(name.split(".").at(-1)));
    values.targets = `[${targets.map((name) => `"${data.modules[name] ?? name}"`).join(", ")}]`;
    for (const [place, some] of [["targets", targets], ["scaled", targets], ["inner", inner]]) {
      values[place] = writtenTargets(tower.libraries, some) ?? values[place];
    }
  }
  return template.map((line) => line.replace(/\{([a-z]+)\}/g, (_, name) => values[name]));
}
