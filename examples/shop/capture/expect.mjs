// How the case lists write down what the policy and the RFCs demand. Nothing here runs Ostiary.

export const allow = (route, rule) => ({ effect: 'allow', route, rule, reason: 'ALLOWED' });

// The bytes are refused: no route is looked for.
export const reject = (reason) => ({ effect: 'deny', route: null, rule: null, reason });

// A route is found, but no rule decided: a token is wrong or no rule allows.
export const deny = (route, reason) => ({ effect: 'deny', route, rule: null, reason });

export const denyBy = (rule, route) => ({ effect: 'deny', route, rule, reason: 'RULE_DENIED' });

// Replaces text that must be there exactly once, so that no case silently tests nothing.
export function swap(text, from, to) {
  if (text.split(from).length !== 2) throw new Error(`not there once: ${JSON.stringify(from)}`);
  return text.replace(from, () => to);
}
