// Checks requests and replies against the contract that the server itself prints, in both directions:
// what is sent must be described, and every described route must have been used.

// A subset of JSON Schema that our contract uses; an unknown keyword is an error rather than ignored.
const KNOWN = new Set([
  'type', 'properties', 'required', 'additionalProperties', 'items', '$ref', 'enum', 'const', 'nullable', 'oneOf', 'anyOf',
  'allOf', 'minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'pattern', 'format', 'description',
  'title', 'example', 'examples', 'default', 'contentMediaType', 'contentEncoding', 'deprecated', 'readOnly', 'writeOnly',
]);

const typeOf = (v) =>
  v === null ? 'null' : Array.isArray(v) ? 'array' : Number.isInteger(v) ? 'integer' : typeof v;

export class Contract {
  constructor(doc) {
    this.doc = doc;
    this.routes = [];
    for (const [template, item] of Object.entries(doc.paths ?? {}))
      for (const method of ['get', 'post', 'put', 'patch', 'delete'])
        if (item[method]) {
          const pattern = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '([^/]+)');
          this.routes.push({ key: `${method.toUpperCase()} ${template}`, method: method.toUpperCase(), op: item[method],
            re: new RegExp(`^${pattern}$`), literal: !template.includes('{') });
        }
    this.routes.sort((a, b) => Number(b.literal) - Number(a.literal));
    this.used = new Map(this.routes.map((r) => [r.key, { ok: 0, refused: 0 }]));
    this.faults = [];
  }

  find(method, path) {
    const plain = path.split('?')[0];
    return this.routes.find((r) => r.method === method && r.re.test(plain));
  }

  resolve(schema) {
    let s = schema;
    for (let depth = 0; s?.$ref; depth++) {
      if (depth > 20 || !s.$ref.startsWith('#/')) return null;
      s = s.$ref.slice(2).split('/').reduce((o, k) => o?.[k.replace(/~1/g, '/').replace(/~0/g, '~')], this.doc);
    }
    return s;
  }

  // → list of "pointer: what is wrong"
  check(schema, value, at = '') {
    const s = this.resolve(schema);
    if (s === true || s === undefined) return [];
    if (!s) return [`${at}: the schema is not there`];
    const out = [];
    for (const k of Object.keys(s)) if (!KNOWN.has(k) && !k.startsWith('x-')) out.push(`${at}: schema word ${k} is not known here`);
    if (value === null && s.nullable) return out;
    const alternatives = s.oneOf ?? s.anyOf;
    if (alternatives) {
      const best = alternatives.map((a) => this.check(a, value, at)).sort((a, b) => a.length - b.length)[0];
      return [...out, ...best];
    }
    for (const part of s.allOf ?? []) out.push(...this.check(part, value, at));
    const types = s.type === undefined ? [] : [].concat(s.type);
    const is = typeOf(value);
    if (types.length && !types.includes(is) && !(is === 'integer' && types.includes('number')))
      return [...out, `${at || '/'}: ${is} where ${types.join(' or ')} is promised`];
    if (s.enum && !s.enum.includes(value)) out.push(`${at}: ${JSON.stringify(value)} is none of ${s.enum.join(', ')}`);
    if ('const' in s && s.const !== value) out.push(`${at}: not ${s.const}`);
    if (is === 'string') {
      const length = [...value].length;
      if (length < (s.minLength ?? 0) || length > (s.maxLength ?? Infinity)) out.push(`${at}: ${length} characters`);
      if (s.pattern && !new RegExp(s.pattern, 'u').test(value)) out.push(`${at}: does not match ${s.pattern}`);
    }
    if ((is === 'integer' || is === 'number') && (value < (s.minimum ?? -Infinity) || value > (s.maximum ?? Infinity)))
      out.push(`${at}: ${value} is out of range`);
    if (is === 'array') {
      if (value.length < (s.minItems ?? 0) || value.length > (s.maxItems ?? Infinity)) out.push(`${at}: ${value.length} items`);
      if (s.items) value.forEach((v, i) => out.push(...this.check(s.items, v, `${at}/${i}`)));
    }
    if (is === 'object') {
      for (const name of s.required ?? []) if (!(name in value)) out.push(`${at}/${name}: required and absent`);
      for (const [k, v] of Object.entries(value)) {
        if (s.properties && k in s.properties) out.push(...this.check(s.properties[k], v, `${at}/${k}`));
        else if (s.additionalProperties === false) out.push(`${at}/${k}: not in the contract`);
        else if (typeof s.additionalProperties === 'object') out.push(...this.check(s.additionalProperties, v, `${at}/${k}`));
      }
    }
    return out.slice(0, 20);
  }

  // One exchange; what is wrong is kept and returned.
  observe(method, path, sent, reply, where = '') {
    const route = this.find(method, path);
    if (!route) {
      if (reply.status < 400 && path.startsWith('/api/')) this.faults.push({ key: `${method} ${path.split('?')[0]}`, where, what: ['not in the contract'] });
      return [];
    }
    const use = this.used.get(route.key);
    if (reply.status < 400) use.ok++;
    else use.refused++;
    const what = [];
    const answers = route.op.responses ?? {};
    const answer = this.resolve(answers[reply.status] ?? answers[`${String(reply.status)[0]}XX`] ?? answers.default);
    if (!answer) what.push(`status ${reply.status} is not in the contract`);
    else if (answer.content && reply.status !== 304) { // RFC 9110: no body, no type
      const type = (reply.headers['content-type'] ?? '').split(';')[0];
      const media = answer.content[type] ?? answer.content['*/*'];
      if (!media) what.push(`content type ${type || '(none)'} is not in the contract`);
      else if (reply.badJson) what.push('the body is not JSON');
      else if (/json/.test(type) && media.schema) what.push(...this.check(media.schema, reply.json));
    }
    if (reply.status < 400 && sent !== undefined && Object.keys(sent).length) {
      const body = this.resolve(route.op.requestBody)?.content?.['application/json']?.schema;
      if (!body) what.push('a JSON body was accepted that the contract does not describe');
      else what.push(...this.check(body, sent).map((w) => `request ${w}`));
    }
    if (what.length) this.faults.push({ key: route.key, where, what });
    return what;
  }

  report() {
    return { used: Object.fromEntries(this.used), faults: this.faults };
  }
}
