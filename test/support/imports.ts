/**
 * Reads a module's imports from its text. TypeScript's own parser is not to be had as a library (version 7
 * is a native program), and the guard needs no more than this: what is code, and which modules it names.
 */
export type Import = {
  /** As written; null where it is computed and cannot be known. */
  readonly specifier: string | null;
  /** `worker` is a module started by its URL: `new URL('./child.ts', import.meta.url)`. */
  readonly kind: 'static' | 'dynamic' | 'worker';
  /** Counted from 1. */
  readonly line: number;
};

const filler = '\u00b7';
const blank = (text: string): string => text.replace(/[^\n]/g, ' ');
const mask = (text: string): string => text.replace(/[^\n]/g, filler);

/** After these a slash begins a regular expression; after a name, a number or a bracket it divides. */
const beforeRegex =
  /(?:^|[([{,;=:!&|?+\-*%<>~^]|\b(?:return|typeof|case|in|of|await|yield|void|delete|throw|new|else|do))\s*$/;
const regexLiteral = /\/(?![/*])(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const stringLiteral = /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y;
const comment = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const templateText = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y;

const matchAt = (pattern: RegExp, text: string, index: number): string | undefined => {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0];
};

/**
 * The source with comments blanked and the contents of strings, templates and regular expressions masked,
 * every character and line at its old place. Code inside `${ }` stays.
 */
export const maskSource = (source: string): string => {
  let code = '';
  /** For each template that is open around here, the depth of braces inside its `${ }`. */
  const templates: number[] = [];
  const takeTemplateText = (): void => {
    code += mask(matchAt(templateText, source, code.length) ?? '');
    if (source.startsWith('${', code.length)) {
      templates.push(0);
      code += '${';
    } else {
      code += source.charAt(code.length);
    }
  };
  while (code.length < source.length) {
    const index = code.length;
    const character = source.charAt(index);
    const commentHere = matchAt(comment, source, index);
    if (commentHere !== undefined) {
      code += blank(commentHere);
      continue;
    }
    const string = matchAt(stringLiteral, source, index);
    if (string !== undefined) {
      code += character + mask(string.slice(1, -1)) + character;
      continue;
    }
    if (character === '/' && beforeRegex.test(code.slice(-80))) {
      const regex = matchAt(regexLiteral, source, index);
      if (regex !== undefined) {
        code += mask(regex);
        continue;
      }
    }
    code += character;
    const depth = templates.at(-1);
    if (character === '`') takeTemplateText();
    else if (depth !== undefined && character === '{') templates[templates.length - 1] = depth + 1;
    else if (depth !== undefined && character === '}') {
      if (depth > 0) templates[templates.length - 1] = depth - 1;
      else {
        templates.pop();
        takeTemplateText();
      }
    }
  }
  return code;
};

/** The line of a position, counted from 1. */
export const lineAt = (source: string, index: number): number => source.slice(0, index).split('\n').length;

const patterns: readonly (readonly [Import['kind'], RegExp])[] = [
  ['static', /(?<![\w$.])(?:import|export)\b[^'"`;()=]*?\bfrom\s*(?=['"])/g],
  ['static', /(?<![\w$.])import\s*(?=['"])/g],
  ['dynamic', /(?<![\w$.])(?:import|require)\s*\(\s*/g],
  ['worker', /(?<![\w$.])new\s+URL\s*\(\s*(?=['"`][^'"`]*['"`]\s*,\s*import\s*\.\s*meta\s*\.\s*url\b)/g],
];

const literal = /'[^']*'|"[^"]*"|`[^`$]*`/y;

/** Every module that a source names: imports, re-exports, types, `import()`, `require()` and workers. */
export const readImports = (source: string): readonly Import[] => {
  const code = maskSource(source);
  const found: Import[] = [];
  for (const [kind, pattern] of patterns) {
    for (const match of code.matchAll(pattern)) {
      const start = match.index + match[0].length;
      const quoted = matchAt(literal, code, start);
      const specifier = quoted === undefined ? null : source.slice(start + 1, start + quoted.length - 1);
      // Other files than modules, such as a network's weights, are found by their URL too.
      if (kind === 'worker' && !specifier?.endsWith('.ts')) continue;
      found.push({ specifier, kind, line: lineAt(source, start) });
    }
  }
  return found.sort((a, b) => a.line - b.line);
};
