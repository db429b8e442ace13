import type { ForwardedAddress, RateKey, RequestPart, TextChange, WebAclModel } from '../model';
import { within } from '../statements';
import { inLua, lua } from './filter';
import type { Fragment } from './fragment';

/** Headers of the edge's own begin with it: callers' copies are taken off before anything else, and the Core is sent none. */
export const OWN_HEADER = 'x-drill-waf-';
/** What stands in place of an address where a header names none and the statement holds then. */
export const NO_ADDRESS = 'none';

type Position = 'first' | 'last';

/** The header in which later filters find the address that a caller's header names; absent where the caller sends none, or none that counts. */
export function addressHeader({ header, otherwise }: ForwardedAddress, position: Position): string {
  return `${OWN_HEADER}${position}${otherwise ? '-or-none' : ''}-${header.toLowerCase()}`;
}

/** The header in which later filters find a part of the request with the changes made to it. */
export function partHeader(part: RequestPart, changes: readonly TextChange[]): string {
  return `${OWN_HEADER}${[part.kind === 'header' ? part.name.toLowerCase() : `the-${part.kind}`, ...changes].join('-')}`;
}

/**
 * Reads off a request what Envoy's own filters cannot: the address in a header, by its place in the list
 * (waf/latest/developerguide/waf-rule-statement-forwarded-ip-address.html), and parts with the changes that are made to them before they are looked at
 * (waf/latest/developerguide/waf-rule-statement-transformation.html). What does not look like an address is none.
 */
export function reading(acl: WebAclModel): Fragment | undefined {
  const lines = new Set(acl.rules.flatMap(({ statement }) => within(statement)).flatMap((statement) => {
    if (statement.kind === 'rate') return linesOf(statement.key);
    if (statement.kind === 'ip-set' && statement.forwarded) return [addressLine(statement.forwarded, statement.forwarded.position)];
    return statement.kind === 'text' && statement.changes.length > 0 ? [partLine(statement.part, statement.changes)] : [];
  }));
  return lines.size === 0 ? undefined : lua([HELPERS, ...lines].join('\n'));
}

function linesOf(key: RateKey): string[] {
  switch (key.kind) {
    // AWS counts by the first address of the list.
    case 'forwarded': return [addressLine(key.from, 'first')];
    case 'path': return [partLine(key, [])];
    case 'several': return key.keys.flatMap(linesOf);
    default: return [];
  }
}

function addressLine(from: ForwardedAddress, position: Position): string {
  const pattern = position === 'first' ? '"^%s*([^,]+)"' : '"([^,]+)$"';
  return `address(${[inLua(from.header.toLowerCase()), inLua(addressHeader(from, position)), pattern, from.otherwise ? inLua(NO_ADDRESS) : 'nil'].join(', ')})`;
}

const PARTS = {
  path: 'h:headers():get(":path"):match("^[^?]*")',
  query: '(h:headers():get(":path"):match("%?(.*)$") or "")',
  method: 'h:headers():get(":method")',
} as const;

function partLine(part: RequestPart, changes: readonly TextChange[]): string {
  const read = part.kind === 'header' ? `h:headers():get(${inLua(part.name.toLowerCase())})` : PARTS[part.kind];
  return `keep(${inLua(partHeader(part, changes))}, ${read}, {${changes.map((change) => CHANGES[change]).join(', ')}})`;
}

const CHANGES: Readonly<Record<TextChange, string>> = { 'lowercase': 'string.lower', 'url-decode': 'decode', 'normalize-path': 'normalize' };

/** No header can hold a control character, and none is looked for. */
const HELPERS = String.raw`local function address(from, to, pattern, otherwise)
  local value = h:headers():get(from)
  if value == nil then return end
  local found = (value:match(pattern) or ""):match("^%s*(.-)%s*$")
  if not (found:match("^%d+%.%d+%.%d+%.%d+$") or (found:find(":", 1, true) and found:match("^[%x:.]+$"))) then found = otherwise end
  if found ~= nil then h:headers():replace(to, found) end
end
local function decode(text)
  return (text:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
end
local function normalize(path)
  local parts = {}
  for part in path:gmatch("[^/]+") do
    if part == ".." then table.remove(parts) elseif part ~= "." then parts[#parts + 1] = part end
  end
  local text = (path:sub(1, 1) == "/" and "/" or "") .. table.concat(parts, "/")
  return #parts > 0 and path:match("/%.?%.?$") and text .. "/" or text
end
local function keep(to, text, changes)
  if text == nil then return end
  for _, change in ipairs(changes) do text = change(text) end
  h:headers():replace(to, (text:gsub("%c", "?")))
end`;
