// A Gate that uses every member of the language, so that whoever reads Gates back can be asked for each.
#pragma once

#include <nlohmann/json.hpp>

namespace ostiary::test {

inline nlohmann::json whole_gate_source() {
  return nlohmann::json::parse(R"({
    "gate": 1, "name": "whole", "version": 41, "why": "not in the image",
    "issuers": {
      "idp": {"issuer": "https://id.whole.example", "audiences": ["api-audience", "b-audience"], "algorithms": ["RS256", "ML-DSA-44"],
              "clock_skew_s": 17, "profile": "access_token", "audience_claim": "client_id", "age_max_s": 86399,
              "required_claims": {"tenant-name": "acme"}},
      "other": {"issuer": "https://other.whole.example", "audiences": ["o"], "algorithms": ["EdDSA"]}
    },
    "claims": {"tier": {"type": "text", "one_of": ["gold", "silver", "tin"]}, "groups": "text_set", "level": "integer", "staff": "boolean",
               "team": "text"},
    "headers": ["x-region", "x-plan"],
    "networks": {"office": ["192.0.2.0/24", "2001:db8:7::/48"]},
    "flags": ["beta", "closed"],
    "origins": {
      "main": {"scheme": "https", "host": "main.internal.example", "port": 8443, "shield": "paris", "sign": {"with": "sigv4", "region": "eu-whole-1", "service": "execute-api"}, "connect_timeout_ms": 1234,
               "first_byte_timeout_ms": 2345, "between_bytes_timeout_ms": 3456},
      "plain": {"scheme": "http", "host": "plain.internal.example", "port": 8080, "sign": {"with": "message_signature", "key": "edge-key"}}
    },
    "identity_headers": {"x-user": {"claim": "sub"}, "x-address": {"from": "peer"}},
    "routes": [
      {"id": "files", "hosts": ["h.whole.example", "*.wild.example"], "methods": ["GET", "HEAD"], "path": "/files/*/**", "origin": "main",
       "waive": ["PATH_ENCODED_SEPARATOR"],
       "headers": {"remove": ["cookie", "authorization"], "rename": {"x-old": "x-new"}, "set": {"x-set": "a b\"c"},
                   "append": {"x-tier": {"claim": "tier"}}},
       "rewrite": "/v2/{2}/**", "query": {"keep": ["page", "size"]}, "identity_headers": false,
       "cache": {"class": "shared", "ttl_s": 61, "surrogate_keys": ["all-files"],
                 "key": {"query": ["page", "size"], "headers": ["x-region", "x-new", "x-old"], "claims": ["tier"]}},
       "rate": {"limit": 101, "period_s": 62, "burst": 719, "key": ["client", "route", {"claim": "sub"}, {"header": "x-plan"}]},
       "hide": true, "login": "https://login.whole.example/start"},
      {"id": "own", "hosts": ["h.whole.example"], "methods": ["POST"], "path": "/own/{sub}/", "origin": "plain", "role": "required",
       "query": {"drop": ["debug"]}, "cache": {"class": "none"}},
      {"id": "root", "hosts": ["h.whole.example"], "methods": ["GET"], "path": "/", "origin": "plain"}
    ],
    "rules": [
      {"id": "everything", "effect": "allow", "routes": ["files"], "owner": "team-a", "ticket": "T-1",
       "identity": {"issuers": ["idp"], "audiences": ["api-audience"], "scopes": {"all": ["s:all"], "any": ["s:any"], "none": ["s:none"]},
                    "token_age_max_s": 301,
                    "claims": {"tier": {"in": ["gold", "silver"]}, "groups": {"has_any": ["g-any"], "has_all": ["g-all"], "has_none": ["g-none"]},
                               "level": {"not_in": [8, 9]}, "staff": {"equals": true}, "team": {"prefix": ["core-"], "not_in": ["core-x"]},
                               "client_id": {"present": false}, "jti": {"present": true}}},
       "request": {"methods": ["GET"], "schemes": ["https"], "hosts": ["*.wild.example"], "paths": ["/files/x/**", "/files/{sub}/y"],
                   "query": {"page": {"in": ["1", "2"]}, "size": {"present": true}, "no page": {"present": false}, "sort": {"equals": "up"}},
                   "headers": {"x-region": {"equals": "eu"}, "x-plan": {"present": false}},
                   "client": {"in": ["office", "198.51.100.7/32"]}},
       "time": {"from": "2026-01-02T03:04:05Z", "until": "2027-02-03T04:05:06Z"},
       "flags": {"beta": true, "closed": false}, "expires": "2028-03-04T05:06:07Z"},
      {"id": "level", "effect": "allow", "routes": ["own"], "identity": {"claims": {"level": {"in": [3, -4]}, "tier": {"equals": "tin"}}}},
      {"id": "far", "effect": "deny", "routes": ["*"], "identity": {}, "request": {"client": {"not_in": ["203.0.113.0/24"]}},
       "time": {"from": "2029-01-01T00:00:00Z"}},
      {"id": "open", "effect": "allow", "routes": ["root"], "public": true}
    ],
    "roles": [
      {"id": "writer", "routes": ["own"], "identity": {"claims": {"staff": {"equals": false}}}, "request": {"methods": ["POST"]},
       "role_arn": "arn:aws:iam::123456789012:role/writer", "session_name": {"claim": "sub"},
       "session_tags": {"Team": {"claim": "team"}, "Door": {"text": "north"}}, "duration_s": 1801, "owner": "team-b", "ticket": "T-2",
       "expires": "2030-01-01T00:00:00Z"}
    ]})");
}

}  // namespace ostiary::test
