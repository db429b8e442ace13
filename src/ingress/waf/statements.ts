import type * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import type { Route } from '../route';

export type Statement = wafv2.CfnWebACL.StatementProperty;
type Transformation = wafv2.CfnWebACL.TextTransformationProperty;

/** WAF wants two statements at least in an AND or an OR. */
export function anyOf(statements: readonly Statement[]): Statement {
  const [only, ...more] = statements;
  return only && more.length === 0 ? only : { orStatement: { statements: [...statements] } };
}

export function allOf(statements: readonly Statement[]): Statement {
  const [only, ...more] = statements;
  return only && more.length === 0 ? only : { andStatement: { statements: [...statements] } };
}

export function not(statement: Statement): Statement {
  return { notStatement: { statement } };
}

/** As it stands in the request. */
const RAW: readonly Transformation[] = [{ priority: 0, type: 'NONE' }];

/** As a load balancer may read it: it looks at its rules only after it has normalized the path (ELB guide, "Path conditions"). */
const NORMALIZED: readonly Transformation[] = [{ priority: 0, type: 'URL_DECODE' }, { priority: 1, type: 'NORMALIZE_PATH' }];

function text(field: wafv2.CfnWebACL.FieldToMatchProperty, searchString: string, positionalConstraint: 'EXACTLY' | 'STARTS_WITH', transformations: readonly Transformation[]): Statement {
  return { byteMatchStatement: { fieldToMatch: field, searchString, positionalConstraint, textTransformations: [...transformations] } };
}

function onRoute({ _method, _path, _isSubtree }: Route, transformations: readonly Transformation[]): Statement {
  const path = (searchString: string, how: 'EXACTLY' | 'STARTS_WITH'): Statement => text({ uriPath: {} }, searchString, how, transformations);
  const exact = path(_path, 'EXACTLY');
  const below = path(_path === '/' ? '/' : `${_path}/`, 'STARTS_WITH');
  if (_isSubtree) return _path === '/' ? below : anyOf([exact, below]);
  return allOf([text({ method: {} }, _method, 'EXACTLY', RAW), exact]);
}

/** Requests for any of these routes however they spell the path: no spelling escapes a budget. */
export function requestsFor(routes: readonly Route[]): Statement {
  return anyOf(routes.map((route) => onRoute(route, NORMALIZED)));
}

/**
 * Requests that spell one of these routes out letter by letter: an exception is taken no wider than it was declared.
 *
 * Below a subtree, the path has to stay there once dot segments are resolved: `/v1/prompts/../login` is none of its.
 */
export function requestsSpelledLike(routes: readonly Route[]): Statement {
  return anyOf(routes.map((route) => (route._isSubtree && route._path !== '/' ? allOf([onRoute(route, RAW), onRoute(route, NORMALIZED)]) : onRoute(route, RAW))));
}

/** As a Core may read it that decodes, merges slashes, resolves dot segments and ignores case. */
const LENIENT: readonly Transformation[] = [...NORMALIZED, { priority: 2, type: 'LOWERCASE' }];

/**
 * Requests for the admin plane in a spelling that the load balancer's rules do not take for it, such as `/ADMIN`, `//admin` or `/%61dmin`.
 *
 * A semicolon begins parameters that some servers leave out of the path.
 */
export function adminInDisguise(): Statement {
  const path = (searchString: string, how: 'EXACTLY' | 'STARTS_WITH', transformations: readonly Transformation[]): Statement => text({ uriPath: {} }, searchString, how, transformations);
  const plain = [path('/admin', 'EXACTLY', RAW), path('/admin/', 'STARTS_WITH', RAW)];
  const lenient = [path('/admin', 'EXACTLY', LENIENT), path('/admin/', 'STARTS_WITH', LENIENT), path('/admin;', 'STARTS_WITH', LENIENT)];
  return allOf([anyOf(lenient), not(anyOf(plain))]);
}

/** A statement about a header that is not there matches nothing (AWS WAF guide, "Request components"). */
export function hasHeader(name: string): Statement {
  return { sizeConstraintStatement: { fieldToMatch: { singleHeader: { Name: name } }, comparisonOperator: 'GT', size: 0, textTransformations: [...RAW] } };
}

export function carriesLabel(key: string): Statement {
  return { labelMatchStatement: { scope: 'LABEL', key } };
}

export function isInSets(arns: readonly string[]): Statement {
  return anyOf(arns.map((arn) => ({ ipSetReferenceStatement: { arn } })));
}
