# The rules of bench/data/make_policies.py for regorus, which has no index that would find one among many: they are data, by
# route and by what they ask for. A function for each condition, for rules that may have it or not, takes twice as long.
package gate

default allow := false

allow if {
	not denied
	permitted
}

permitted if {
	some rule in data.rules[input.route].allow_scopes
	every scope in rule.scopes { scope in input.scopes }
}

permitted if {
	some rule in data.rules[input.route].allow_scopes_tier
	input.claims.tier in rule.tier
	every scope in rule.scopes { scope in input.scopes }
}

permitted if {
	some rule in data.rules[input.route].allow_scopes_tenant
	input.claims.tenant in rule.tenant
	every scope in rule.scopes { scope in input.scopes }
}

permitted if {
	some rule in data.rules[input.route].allow_groups
	some group in input.claims.groups
	group in rule.groups
}

denied if {
	some rule in data.rules[input.route].deny_groups
	some group in input.claims.groups
	group in rule.groups
}

denied if {
	some rule in data.rules[input.route].deny_tier_tenant
	input.claims.tier in rule.tier
	input.claims.tenant in rule.tenant
}

denied if {
	some rule in data.rules["*"].deny_groups
	some group in input.claims.groups
	group in rule.groups
}
