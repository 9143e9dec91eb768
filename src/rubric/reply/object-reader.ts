/** A value as it stands in a reply. Numbers and literals stay text: what they mean is decided where a score is wanted. */
export type Node =
  | { type: 'object'; entries: [key: string, value: Node][] }
  | { type: 'array'; items: Node[] }
  | { type: 'string'; text: string }
  | { type: 'bare'; text: string };

/** Nesting beyond this is no verdict. */
const MAX_DEPTH = 12;
/** Keys and unquoted values are short; this keeps every failed attempt short, too. In UTF-16 units. */
const MAX_TOKEN = 200;
/** Characters that all attempts together may read, per character of the text. */
const EFFORT = 4;

/** What each opening quote may be closed by. Models mix the two sides up, so either side closes. */
const QUOTES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ['`', '`'],
  ['“', '”“"'],
  ['”', '”“"'],
  ['‘', "’‘'"],
  ['’', "’‘'"],
  ['「', '」'],
  ['『', '』'],
  ['＂', '＂'],
  ['＇', '＇'],
]);
const JSON_LITERAL = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;
const SPACE = /[\s\u200b\ufeff]*/y;
const NOT_JSON_SPACE = /[^ \t\r\n]/;
const BARE_KEY = /[^:：={}｛｝[\]［］,，\n"“”]{0,201}/y;
const BARE_VALUE = /(?:[^,，;；{}｛｝[\]［］\n\r"“”/]|\/(?![/*])){0,201}/y;
const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** One attempt after the other to read a value from a place in the text. Methods give undefined where there is none. */
export class ObjectReader {
  readonly text: string;
  at = 0;
  strict = true;
  /** The attempt failed because the text ended. */
  cut = false;
  /** Characters that may still be read, in all attempts together. */
  private effort: number;

  constructor(text: string) {
    this.text = text;
    this.effort = EFFORT * text.length + 10_000;
  }

  get tangled(): boolean {
    return this.effort < 0;
  }

  read(start: number): Node | undefined {
    this.at = start;
    this.strict = true;
    this.cut = false;
    const node = this.value('member', 0);
    this.effort -= this.at - start + 1;
    return node;
  }

  private value(place: 'member' | 'item', depth: number): Node | undefined {
    const char = this.text.charAt(this.at);
    if (char === '{' || char === '｛') return this.object(depth);
    if (char === '[' || char === '［') return this.array(depth);
    if (QUOTES.has(char)) {
      const text = this.string(place);
      return text === undefined ? undefined : { type: 'string', text };
    }
    return this.bare();
  }

  private object(depth: number): Node | undefined {
    if (depth >= MAX_DEPTH) return undefined;
    this.punctuation('{');
    const entries: [string, Node][] = [];
    this.space();
    while (!this.closes('}', entries.length > 0)) {
      if (this.cut) return undefined;
      const key = this.key();
      if (key === undefined) return undefined;
      this.space();
      if (!this.colon()) return undefined;
      this.space();
      const value = this.value('member', depth + 1);
      if (value === undefined) return undefined;
      entries.push([key, value]);
      if (!this.separator('}')) return undefined;
    }
    return { type: 'object', entries };
  }

  private array(depth: number): Node | undefined {
    if (depth >= MAX_DEPTH) return undefined;
    this.punctuation('[');
    const items: Node[] = [];
    this.space();
    while (!this.closes(']', items.length > 0)) {
      if (this.cut) return undefined;
      const item = this.value('item', depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
      if (!this.separator(']')) return undefined;
    }
    return { type: 'array', items };
  }

  /** Steps over a closing bracket, or accepts the end of the text in its place if a complete value stands before it. */
  private closes(bracket: '}' | ']', afterValue: boolean): boolean {
    if (isOne(this.text.charAt(this.at), bracket)) {
      this.punctuation(bracket);
      return true;
    }
    if (!this.ended(this.at)) return false;
    this.strict = false;
    // A number that touches the end may be the head of a longer one.
    this.cut = !afterValue || (this.at >= this.text.length && /[\p{L}\p{N}.]/u.test(this.text.slice(-1)));
    return !this.cut;
  }

  /** Steps over what stands behind a value; false where that is neither a comma, a closing bracket nor a new line's key. */
  private separator(bracket: '}' | ']'): boolean {
    const before = this.at;
    this.space();
    const char = this.text.charAt(this.at);
    if (isComma(char)) {
      this.punctuation(',');
      this.space();
      if (isOne(this.text.charAt(this.at), bracket)) this.strict = false;
      return true;
    }
    if (isOne(char, bracket) || this.ended(this.at)) return true;
    this.strict = false;
    return this.text.slice(before, this.at).includes('\n') && (bracket === ']' || this.keyAt(this.at));
  }

  private key(): string | undefined {
    if (QUOTES.has(this.text.charAt(this.at))) return this.string('key');
    this.strict = false;
    return this.token(BARE_KEY);
  }

  private colon(): boolean {
    const char = this.text.charAt(this.at);
    if (char === '=') {
      this.strict = false;
      this.at += this.text.charAt(this.at + 1) === '>' ? 2 : 1;
      return true;
    }
    if (!isColon(char)) {
      this.cut = this.at >= this.text.length;
      return false;
    }
    this.punctuation(':');
    return true;
  }

  private bare(): Node | undefined {
    const cut = this.ended(this.at);
    const text = this.token(BARE_VALUE);
    if (text === undefined) {
      this.cut = cut;
      return undefined;
    }
    if (!JSON_LITERAL.test(text)) this.strict = false;
    return { type: 'bare', text };
  }

  /** Steps over an unquoted token; undefined where it is empty or too long to be one. */
  private token(pattern: RegExp): string | undefined {
    const raw = this.run(pattern, this.at);
    this.at += raw.length;
    const token = raw.trim();
    if (NOT_JSON_SPACE.test(raw.slice(token.length))) this.strict = false;
    return token === '' || raw.length > MAX_TOKEN ? undefined : token;
  }

  private run(pattern: RegExp, at: number): string {
    pattern.lastIndex = at;
    return pattern.exec(this.text)?.[0] ?? '';
  }

  private string(place: 'key' | 'member' | 'item'): string | undefined {
    const opening = this.text.charAt(this.at);
    const closing = QUOTES.get(opening)!;
    if (opening !== '"') this.strict = false;
    let result = '';
    let from = ++this.at;
    const first = from;
    for (; this.at < this.text.length; this.at++) {
      const char = this.text.charAt(this.at);
      if (char === '\\') {
        result += this.text.slice(from, this.at) + this.escape();
        from = this.at + 1;
      } else if (closing.includes(char)) {
        if (place === 'key' || this.closesString(this.at + 1, place)) {
          result += this.text.slice(from, this.at++);
          return result;
        }
        this.strict = false;
        if (this.tangled) return undefined;
      } else if (char < ' ') {
        this.strict = false;
      }
      if (place === 'key' && (char === '\n' || this.at - first > MAX_TOKEN)) return undefined;
    }
    this.cut = true;
    return undefined;
  }

  /** What the escape at `at` stands for; leaves `at` on its last character. */
  private escape(): string {
    const char = this.text.charAt(++this.at);
    if (char === 'u') {
      const hex = this.text.slice(this.at + 1, this.at + 5);
      if (/^[0-9a-f]{4}$/i.test(hex)) {
        this.at += 4;
        return String.fromCharCode(Number.parseInt(hex, 16));
      }
    }
    const plain = ESCAPES[char];
    if (plain === undefined && !'"\\/'.includes(char)) this.strict = false;
    return plain ?? char;
  }

  /** Whether a quote before `at` ends its string: what follows has to go on as an object or array does. */
  private closesString(at: number, place: 'member' | 'item'): boolean {
    const next = this.skip(at);
    const char = this.text.charAt(next);
    if (this.ended(next) || this.comment(next) || isOne(char, place === 'item' ? ']' : '}')) return true;
    if (place === 'item') return isComma(char);
    if (!isComma(char)) return this.text.slice(at, next).includes('\n') && this.keyAt(next);
    const behind = this.skip(next + 1);
    return this.ended(behind) || this.comment(behind) || isOne(this.text.charAt(behind), '}') || this.keyAt(behind);
  }

  /** Whether a key and its colon stand at `at`. */
  private keyAt(at: number): boolean {
    const closing = QUOTES.get(this.text.charAt(at));
    let end = at + 1;
    for (; end < this.text.length && end - at <= MAX_TOKEN + 1; end++) {
      const char = this.text.charAt(end);
      if (closing === undefined ? /[^\p{L}\p{N}_\- ()（）]/u.test(char) : closing.includes(char)) break;
      if (char === '\n') return false;
      if (char === '\\') end++;
    }
    this.effort -= end - at;
    const colon = this.text.charAt(this.skip(closing === undefined ? end : end + 1));
    return isColon(colon) || colon === '=';
  }

  /** Steps over white space and comments. */
  private space(): void {
    for (;;) {
      const space = this.run(SPACE, this.at);
      if (NOT_JSON_SPACE.test(space)) this.strict = false;
      this.at += space.length;
      if (!this.comment(this.at)) return;
      this.strict = false;
      const block = this.text.charAt(this.at + 1) === '*';
      const end = this.text.indexOf(block ? '*/' : '\n', this.at + 1);
      this.at = end === -1 ? this.text.length : block ? end + 2 : end;
    }
  }

  private comment(at: number): boolean {
    return this.text.charAt(at) === '#' || this.text.startsWith('//', at) || this.text.startsWith('/*', at);
  }

  private skip(at: number): number {
    const space = this.run(SPACE, at).length;
    this.effort -= space;
    return at + space;
  }

  /** The end of the text or of the code fence that holds the object. */
  private ended(at: number): boolean {
    return at >= this.text.length || this.text.startsWith('```', at);
  }

  private punctuation(plain: string): void {
    if (this.text.charAt(this.at) !== plain) this.strict = false;
    this.at++;
  }
}

function isComma(char: string): boolean {
  return char === ',' || char === '，' || char === ';' || char === '；';
}

function isColon(char: string): boolean {
  return char === ':' || char === '：';
}

function isOne(char: string, bracket: '}' | ']'): boolean {
  return char === bracket || char === (bracket === '}' ? '｝' : '］');
}
