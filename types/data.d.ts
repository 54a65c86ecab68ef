// The data that Python writes as scripts beside the pages (peft_vlm_survey/site/*_js.py), each with the module that says
// what its members mean. They are members of `survey.data`, and reach a page when it asks for them: whoever reads one has
// waited for its script.

interface SurveyData {
  catalogue: Catalogue;
  /** Works that are cited without being classified. */
  works: Columns<Work>;
  /** In the order of the catalogue's papers. */
  addresses: Columns<PaperAddress>;
  /** What is searched beside the catalogue, in its order: a reader may be there before it. */
  authors?: CatalogueAuthors;
  former?: PackedTexts;
  latter?: PackedTexts;
  /** The Chinese summary of every described paper, by its key. */
  descriptionsZh: Record<string, string>;
  bibtex: BibtexEntries;
  /** What scripts say, as messages with placeholders for numbers and patterns for the rest, and each in Chinese. */
  interface: {
    rules: Record<"number" | "ending" | "sentence" | "word" | "names" | "narrow" | "wide", string>;
    between: Record<string, string>;
    templates: [pattern: string, needed: string, groups: string[], chinese: string][];
    messages: Record<string, string>;
    chapters: string[];
  };
  /** What methods do, as messages, and each in Chinese. */
  summaries?: Record<string, string>;
  names: SearchNames;
  texts: SearchTexts;
  chapters: SearchChapter[];
  numbers: SearchNumbers;
  costs: Costs;
  /** Absent where they have not come yet, or could not be loaded: then nothing is said of what others ran. */
  recipes?: Recipes;
  /** `ChooserLists`, packed. */
  choose: string;
  compare: CompareIndex;
  /** By chunk, packed: a `Record<string, CompareCard>`. */
  compareCards: Record<number, string>;
}

/* site/catalogue_js.py, site/descriptions_js.py and site/packed.py */

/** Rows as one list a column. */
type Columns<Row> = { [Field in keyof Row]: Row[Field][] };

/** A letter from U+0100 to U+07FF stands for each of the words, in turn, but not one that is taken. */
interface PackedTexts {
  taken: string;
  words: string[];
  texts: string[];
}

interface PickedColumn<Value> {
  values: Value[];
  /** Of each row the place of its value. */
  places: number[];
}

interface Catalogue {
  /** The columns of an exported table. */
  fields: (keyof CataloguePaper | "groups")[];
  papers: PackedPapers;
  /** Of the papers that are drawn at first. */
  summaries: string[];
  categories: Record<string, string>;
  groups: [group: string, tasks: string[]][];
  /** What else tasks are called. */
  called: Record<string, string[]>;
  /** The base models, each with its other names. */
  models: [name: string, ...others: string[]][];
  families: string[];
  kinds: Record<string, string>;
  scopes: Record<string, string>;
  facts: [id: string, label: string, values: [english: string, chinese: string][]][];
}

/** Of each paper, in one order. */
interface PackedPapers {
  /** Or what it is made of beside the first author's last name and the year: 0 the name, else so many words of the title. */
  key: (string | number)[];
  /** 1: what stands before the first colon of the title. */
  name: (string | 1)[];
  title: PackedTexts;
  /** With a semicolon at the end if there are more than these. */
  authors: string[];
  year: PickedColumn<number>;
  venue: PickedColumn<string>;
  category: PickedColumn<string>;
  /** A letter a task: its place among those of all groups. */
  tasks: string;
  /** A letter a base model. */
  models: string;
  family: PickedColumn<string>;
  further_families: PickedColumn<string[]>;
  kind: PickedColumn<string>;
  scope: PickedColumn<string>;
  /** Without the address of GitHub, with which most begin. */
  code: string[];
  licence: PickedColumn<string>;
  status: PickedColumn<string>;
  added: PickedColumn<string>;
  depth: PickedColumn<string>;
  /** 1 if it has reported numbers, and if a chapter discusses it. */
  numbers: (0 | 1)[];
  chapters: (0 | 1)[];
  /** Of each fact a letter a value: its place among the values. */
  facts: Record<string, string>;
}

/** What the rows of the catalogue do not show, with semicolons between. */
interface CatalogueAuthors {
  authors: string[];
  aliases: string[];
}

/** What a citation says of a work; what is not said is empty. */
interface Work {
  key: string;
  name: string;
  title: string;
  authors: string[];
  year: number;
  venue: string;
  /** Of a paper of the catalogue. */
  family?: string;
}

interface PaperAddress {
  arxiv: string;
  address: string;
}

/** A row of the catalogue. */
interface CataloguePaper extends Work, PaperAddress {
  aliases: string[];
  category: string;
  tasks: string[];
  family: string;
  further_families: string[];
  kind: string;
  scope: string;
  code: string;
  status: string;
  added: string;
  depth: string;
}

/* site/bibtex_js.py */

interface BibtexEntries {
  anchors: Record<string, string>;
  entries: Record<string, string>;
}

/* site/search_js.py and site/search.py */

type PageKind = "paper" | "dataset" | "benchmark" | "term" | "work";
type ResultKind = PageKind | "chapter" | "number";

interface SearchNames {
  kinds: PageKind[];
  names: [name: string, kind: number, key: string, said: string][];
}

interface SearchTexts {
  papers: [key: string, names: string[], title: string, where: string, authors: string, text: string, also: string][];
  datasets: [id: string, names: string[], text: string][];
  benchmarks: [id: string, title: string, text: string][];
  terms: [anchor: string, names: string[], text: string][];
  works: [anchor: string, name: string, title: string, byline: string][];
  /** Words that say nothing, which are not looked for. */
  small: string[];
}

type SearchChapter = [name: string, title: string, sections: [anchor: string, title: string, text: string][]];

interface SearchNumbers {
  methods: string[];
  backbones: string[];
  homes: string[];
  rows: [benchmark: string, name: string, numbers: [value: string, method: number, backbone: number, home: number, anchor: string][]][];
}

/* site/recipes_js.py */

/** What was said, the nearest recipe and its address; then the lines of its script, of what it is and where it is stated. */
type Recipe = [said: string, nearest: string, address: string, lines?: string, of?: string, stated?: string];

interface Recipes {
  said: Recipe[];
  /** The place in `said` by "method|kind|task|shapes". */
  places: Record<string, number>;
  /** The kind of a backbone by its shapes. */
  kinds: Record<string, string>;
}

/* costs/browser.py and site/calculator_js.py */

type Ends = [low: number, high: number];
/** The coefficients of a polynomial in the length: constant, linear, square. */
type Square = [constant: number, linear: number, square: number];
/** Tokens, and megabytes of each phase. */
type TracedLine = [fixed: number[], perToken: number[]];
type TracedLines = Record<"yes" | "no", Record<string, TracedLine>>;
type Letters = Record<string, number>;

interface KnownCards {
  makers: string[];
  forms: string;
  known: [written: string[], sizes: number[], keys: string[], note: string][];
  /** What is wrong with a text that names no card, and the way out, with places for words. */
  refusals: Record<"no card" | "sizes", [wrong: string, remedy: string]>;
}

interface Costs {
  /** What is shown before a reader chooses. */
  first: { method: string, backbone: string, gpu: string };
  cards: KnownCards;
  methods: Record<string, CostMethod>;
  switches: Record<string, string>;
  letters: Record<string, [text: string, meaning: string, source: LetterSource, origin: string]>;
  backbones: Record<string, CostBackbone>;
  /** The sorts of backbones under each head of the menu. */
  groups: Record<string, string[]>;
  bits: number[];
  precisions: number[];
  quantisedBits: number[];
  /** What is wrong with a question, and the way out, with places for words. */
  refusals: Record<string, [message: string, remedy: string]>;
  /** What a parameter is taken to be where neither the reader nor the method says. */
  unsaid: Record<string, string>;
  binaryOverhead: number;
  headBits: number;
  memory: MemoryModel;
  run: RunModel;
  names: NameRules;
  references: Record<string, string>;
  /** How the part is called that a method acts on, by sort of backbone and part. */
  places: Record<string, Record<string, string>>;
  software: Record<string, Software[]>;
  open: Record<string, string>;
  modules: Record<string, string>;
  inner: string[];
  fusedSays: { fused: string, apart: string };
  reported: ReportedCost[];
  /** By "method variant". */
  formulas: Record<string, CostFormulas>;
}

type LetterSource = "parameter" | "quantity" | "targets" | "switch" | "fixed";

interface CostFormulas {
  total(letters: Letters): number;
  each(letters: Letters): number;
  once(letters: Letters): number;
  macs: ((letters: Letters) => number) | null;
  kept(letters: Letters): number;
}

interface CostMethod {
  name: string;
  key: string;
  variants: Record<string, CostVariant>;
  terms: Record<string, string>;
  /** The usual value of each, or null. */
  parameters: Record<string, string | null>;
  switches: Record<string, boolean>;
  counted: string[];
  notCounted: string[];
  mergeable: string;
  backboneGradient: string;
  longer: boolean;
  copies: number;
  bits: number;
  head: boolean;
  whole: boolean;
  trainsWeights: boolean;
  side: boolean;
  defaultLayers: string;
  quantised: boolean;
  binarised: boolean;
  learnedContext: boolean;
  reducesEmbedding: boolean;
  lowRank: boolean;
  bothTowers: boolean;
}

interface CostVariant {
  says: string;
  tasks: number;
  /** The formula without a network and with it, each for one task and for several. */
  forms: string[];
  uses: string[];
  rankOf: string;
  hypercomplex: boolean;
  needsClasses: boolean;
  ofLayers: boolean;
  binaryHead: boolean;
}

interface CostBackbone {
  name: string;
  /** Null: not established. */
  total: number | null;
  default: string;
  batch: number;
  decoder: boolean;
  /** What it reads and makes. */
  sort: string;
  series: boolean;
  /** Whether transformers lets a gradient into its frozen vision tower. */
  letsIn: boolean;
  /** By method: what stands for what is not said, and what the makers' script runs. */
  usual: Record<string, Record<string, string>>;
  official: Record<string, { words: Record<string, string>, gpus: string, source: string }>;
  variants: Record<string, string>;
  loader: string;
  gives: string[];
  /** How the tokens of a generator's example follow from the side of its image. */
  resolution: { usual: number, side: number, most: number, beside: number } | null;
  /** Parameters of what encodes images and texts beside a generator, and the bytes that those of the former are held in. */
  encoders: { image: number, imageBytes: number, texts: number } | null;
  hasProjector: boolean;
  parts: Record<string, CostPart>;
  whole: Record<string, number | null>;
  quantisable: number;
  quantised: Record<string, number | null>;
  /** With checkpointing and without, by name; null if no step was traced. */
  traces: TracedLines | null;
  /** By part that works on tokens of its own. */
  tracesBeside: Record<string, TracedLines>;
  /** Whether an encoder reads and a decoder writes. */
  writes: boolean;
  /** How many texts are read beside the images if nothing is said; 0 where none are. */
  texts: number;
  /** Whether some layers of the language model attend to an image. */
  looks: boolean;
}

interface CostPart {
  quantities: Record<string, number>;
  targets: Record<string, TargetSums>;
  libraries: Record<string, [path: string, name: string]>[];
  all: string[];
  allOfVision: string[];
  standardTargets: string[];
  length: number;
  fixedTokens: Square | null;
  /** Of an encoder–decoder what differs in what reads and in what writes. */
  halves: Record<"encoder" | "decoder", Pick<CostPart, "quantities" | "kept" | "keptInFull"> & { targets: Record<string, Pick<TargetSums, "count">> }> | null;
  meanTokens: Square | null;
  /** Whether streams meet, so that the tokens of a step are those of all. */
  meeting: boolean;
  macs: Square | null;
  kept: [kept: number, bare: number, block: number];
  keptInFull: [kept: number, bare: number, block: number];
  vocabulary: number;
  /** The largest value of each size that has one, why (a name of a refusal), and of what it is. */
  most: Record<string, [most: number, why: string, what: string]>;
  widths: number[];
  sides: number[];
  defaultLayers: Record<string, number>;
  encoder: number[];
  decoder: number[];
  unmet: Record<string, [message: string, remedy: string]>;
  /** What the matrix that holds queries, keys and values is called, by the prefix of its tower. */
  fused: Record<string, string>;
  /** Prefixes of towers that hold queries, keys and values apart. */
  apart: string[];
}

interface TargetSums {
  sides: number;
  outputs: number;
  scaled: number;
  count: number;
  /** What is read, by what is shared: queries, keys and values read the same. */
  inputs: Record<string, number>;
  smaller: number;
  /** How many there are of each size, and its sides. */
  sizes: [count: number, inputs: number, outputs: number][];
}

interface MemoryModel {
  kept: number;
  fourBits: number;
  fused: Record<string, string>;
  sizes: Record<string, string>;
}

type Trained = "full" | "few bits" | "16 bits";
/** Kinds of runs: of decoders by what is trained, and others together. */
type RunKind = Trained | "encoders" | "image generators";

/** What is said of a run; unsaid is usual. */
type RunWords = Record<string, string>;

interface RunModel {
  words: Record<string, string[]>;
  presets: Record<string, { name: string, words: RunWords }>;
  phases: string[];
  constants: { eightBits: number, in32: number, bucket: number, ahead: number, logits: Record<string, number> };
  fixed: number;
  below: Record<string, number>;
  above: [fixed: number, moving: number, bytes: number];
  moving: string[];
  lasting: string[];
  context: number;
  scattered: number;
  gib: number;
  mostCards: number;
  verdicts: [fits: string, may: string, not: string];
  /** By kind of run, what the lower and the upper end of a traced range are multiplied by, and how the runs are called that set that. */
  ends: Partial<Record<RunKind, [low: number, high: number]>>;
  kinds: Record<RunKind, string>;
  untraced: string;
  settles: string;
  /** By kind, what is said beside a verdict. */
  tested: Record<string, Record<string, string>>;
  advice: number;
  /** What may be changed, by its words; `halved` stands for half of a number. */
  ways: RunWords[];
  halved: string;
  /** Below which nothing smaller is advised. */
  least: { resolution: number, length: number };
}

interface NameRules {
  beside: string[];
  sizes: Record<string, string>;
}

interface Software {
  /** The reading of the method that it runs; empty: the usual one. */
  variant: string;
  title: string;
  named: string;
  licence: string;
  /** Empty: not established. */
  maintained: "" | "yes" | "no" | "partly";
  official: boolean;
  verified: string;
  template: string[];
  /** What its lines need of a backbone, which some `gives` name. */
  needs: string[];
  /** Whether its lines name the targets. */
  namesTargets: boolean;
}

interface ReportedCost {
  method: string;
  backbone: string;
  trainable: number;
  setting: string;
  printed: string;
  verdict: string;
  reason: string;
  name: string;
  address: string;
}

/* choose/page.py and site/choose_js.py */

/** What one task costs at one setting; null is not known. */
type Price = [text: string, trained: number | null, percent: number | null, stored: number | null, memory: number | null,
  least: number | null, enough: number | null, open: string[], run?: number];
type Traits = [text: string, open: string[], sameSpeed: string, gradient: string, hasCode: string, licence: string, trains: number];
type Evidence = [why: string, word: string, open: string[], data: string, priced: string, printed: number, traits: number, address: string];
/** Whom a method beat, drew with and lost to, whether it is advised, and what its place leaves open. */
type Contested = [beaten: number[], wins: number, draws: number, lost: number[], losses: number, advised: number, open: string[]];
type RankedEntry = [method: number, distance: number, evidence: number, ...contested: Contested];
type ChooserBackbone = [id: string, name: string, kind: string, configuration: string, further: string[]];

interface ChooserLists extends NameRules {
  cards: KnownCards;
  groups: Record<string, string[]>;
  /** The task of each of its other names. */
  called: Record<string, string>;
  /** The task of the catalogue within which a narrower one lies. */
  wider: Record<string, string>;
  /** The way out of a name that holds a term which leads to tasks. */
  near: Record<string, string>;
  tasks: Record<string, { part: string, lists: Record<string, number> }>;
  backbones: ChooserBackbone[];
  methods: [name: string, key: string, idea: string][];
  evidence: Evidence[];
  printed: Price[];
  traits: Traits[];
  prices: Record<string, Record<string, Price[]>>;
  /** The advice is the first of the notes. */
  lists: [notes: string[], entries: RankedEntry[]][];
  words: ChooserWords;
  rule: string[];
  /** Lines to run with what they are of, and by a place that prices name which of them. */
  lines: [title: string, lines: string][];
  runs: number[][];
  cites: Record<string, { text: string, address: string }>;
}

interface ChooserWords {
  beats: string;
  among: string;
  all: string;
  level: string;
  lost: string;
  nobody: string;
  one: Record<string, string>;
  memory: string;
  none: string;
  within: string;
  unknownKind: string;
  catalogue: string;
  uncompared: string;
  alone: string;
  advised: string;
  limits: Record<string, string>;
  heads: Record<string, string>;
}

/* show/side_by_side_data.py and site/compare_js.py */

/** An id that follows from the name is empty until compare.js fills it in. */
type ComparedRow = [id: string, key: string, name: string, others: string[], where: string];
/** A value, its spread, its first table, whose run it is there, and how many tables print it alike. */
type GroupCell = [value: string, spread: string, origin: number, claim: string, alike: number];
type OtherSetting = [name: string, share: string, value: string];

interface Standing {
  printed: string;
  trained: string;
  cells: (GroupCell | 0)[];
  others: OtherSetting[];
}

interface ComparedGroup {
  protocol: string;
  name: string;
  backbone: string;
  board: string;
  benchmarks: number[];
  scatter: ([apart: string, on: number] | 0)[];
  standings: Record<string, Standing>;
}

type ClosedForm = [name: string, setting: string, trained: string, percent: string, stored: string, mergeable: string, extra: string, memory: string];
type PrintedShare = [backbone: string, share: string, tables: number];
type BenchmarkRow = [id: string, name: string, unit: string, higher: boolean];

interface CompareIndex {
  methods: ComparedRow[];
  groups: ComparedGroup[];
  disagreements: [method: string, backbone: string, benchmark: number, printed: [key: string, tables: [value: string, origin: number][]][], right: string][];
  benchmarks: BenchmarkRow[];
  origins: [table: string, mark: string, page: string][];
  tiers: Record<string, string>;
  backbones: Record<string, string>;
  configurations: Record<string, string>;
  /** By the place of a method: the ids of its closed forms, and what tables print as trained. */
  priced: Record<string, string[]>;
  printed: Record<string, PrintedShare[]>;
  /** By backbone and id; a text says why there is none. */
  costs: Record<string, Record<string, ClosedForm | string>>;
  words: Record<string, string>;
  claims: Record<string, string>;
  most: number;
  cards: { folder: string, version: string, chunks: number };
  examples: string[][];
}

/** A method without a paper has little to say. */
interface CompareCard {
  summary: string;
  paper: string;
  facts: [term: string, value: string][];
  drawing?: string;
  drawn?: string;
  code?: string;
  licence?: string;
  code_looked_for?: boolean;
}
