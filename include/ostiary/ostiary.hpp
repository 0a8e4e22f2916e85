// All of Ostiary's C++ interface. The story of one request:
//
//   1. A Gate is compiled from JSON (compile_gate) or mapped from an image (Gate::load).
//   2. The keys of its issuers are imported (KeySet::from_jwks), and both are joined in an Engine.
//   3. inspect_bytes or inspect_fields turns a request head into a canonical Request, or into a Finding.
//   4. match_route finds the most specific route; credential finds the access token.
//   5. TokenVerifier proves the token and gives an Identity, or a Reason; check_sender asks whether the sender is the
//   one
//      the token is bound to.
//   6. decide applies the route's rules and gives the Decision: all that the host must act on.
//   7. emit_head writes the head that is forwarded: the view and the Decision's header edits, and nothing else.
//
// Engine::decide_bytes does 3 to 6. Every function says which memory its results borrow.
#pragma once

#include <ostiary/engine.hpp>
#include <ostiary/http/authorization.hpp>
#include <ostiary/http/cookies.hpp>
#include <ostiary/http/credentials.hpp>
#include <ostiary/http/emit.hpp>
#include <ostiary/http/inspect.hpp>
#include <ostiary/http/query.hpp>
#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/decide.hpp>
#include <ostiary/policy/decide_request.hpp>
#include <ostiary/policy/decision.hpp>
#include <ostiary/policy/gate.hpp>
#include <ostiary/policy/rate_limiter.hpp>
#include <ostiary/policy/signed_gate.hpp>
#include <ostiary/token/discovery.hpp>
#include <ostiary/token/explain.hpp>
#include <ostiary/token/identity.hpp>
#include <ostiary/token/jws.hpp>
#include <ostiary/token/key_set.hpp>
#include <ostiary/token/key_source.hpp>
#include <ostiary/token/revocation.hpp>
#include <ostiary/token/secret_keys.hpp>
#include <ostiary/token/token_cache.hpp>
#include <ostiary/token/token_verifier.hpp>
#include <ostiary/token/vendors.hpp>
#include <ostiary/token/verifier.hpp>
#include <ostiary/trust/challenge.hpp>
#include <ostiary/trust/sender_constraint.hpp>
