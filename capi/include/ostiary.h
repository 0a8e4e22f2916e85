/**
 * ostiary.h: the C interface of Ostiary (C11, one header).
 *
 * One request, in the order of this file: make a gate from JSON or from an image, import the key sets of its
 * issuers, join both in an engine, then let the engine decide about request heads:
 *
 *     ostiary_gate_from_json -> ostiary_key_set_from_jwks -> ostiary_engine_new
 *         -> ostiary_engine_decide_bytes -> ostiary_decision_effect, _route, _origin, _header_at
 *
 * Rules that hold for every function:
 *  - The returned ostiary_reason says how the call went. It is not the verdict: a denial is a normal result,
 *    read with ostiary_decision_effect. Whatever goes wrong, the decision already says DENY.
 *  - Nothing throws, aborts, prints, reads the clock, the environment, files or the network.
 *  - Views are {data, len}, not NUL-terminated. As input {NULL, 0} is empty; {NULL, n > 0} is USAGE_ARGUMENT.
 *    As output data == NULL means absent, which is not the same as present and empty.
 *  - Lifetimes of returned views are one of: static; borrows the gate (or key set); borrows the decision
 *    (inspection, identity) until it is freed or used again; borrows the request buffer.
 *  - Thread classes: immutable (share freely), synchronised (share freely too, it locks inside), confined (one thread
 *    at a time), pure.
 *    A const pointer argument may be used by several threads at once.
 *  - Handles named _ref/_unref are immutable and counted; _new/_free handles are confined. Freeing NULL does nothing.
 *  - Structs with struct_size: set them up with their _INIT macro. Members this library does not know must be zero.
 *  - `error` may always be NULL.
 */
#ifndef OSTIARY_H
#define OSTIARY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define OSTIARY_API __attribute__((visibility("default")))
#else
#define OSTIARY_API
#endif

/* ---- version -------------------------------------------------------------------------------------------- */

/** Grows by one with every addition to this header. */
#define OSTIARY_ABI_VERSION 3

/** The OSTIARY_ABI_VERSION the library was built with; at least the header's, or a function may be missing. Pure. */
OSTIARY_API uint32_t ostiary_abi_version(void);

/** "major.minor.patch". Static. Pure. */
OSTIARY_API const char* ostiary_version_string(void);

/* ---- reasons -------------------------------------------------------------------------------------------- */

/* BEGIN GENERATED REASONS. Generated from src/core/reasons.json by src/core/generate_reasons.py; do not edit. */

/** Outcomes. A number is given once and never reused; number / 1000 is the class
 *  (0 usage, 1 request, 2 token, 3 key, 4 decision, 5 gate). */
typedef int32_t ostiary_reason;

#define OSTIARY_OK 0 /**< The call did what was asked. */
#define OSTIARY_USAGE_ARGUMENT 1 /**< An argument is NULL, out of range or contradicts another; the message names it. */
#define OSTIARY_USAGE_STRUCT_SIZE 2 /**< struct_size is smaller than the first released version of the struct; use the _INIT macro. */
#define OSTIARY_USAGE_UNKNOWN_OPTION 3 /**< The caller set an option this version of the library does not know. */
#define OSTIARY_USAGE_SCRATCH_TOO_SMALL 4 /**< The scratch memory given is too small for this request. */
#define OSTIARY_NO_MEMORY 5 /**< The allocator returned nothing. */
#define OSTIARY_INTERNAL 6 /**< A defect of the library was caught; the handle must not be used again. */
#define OSTIARY_USAGE_PEER 7 /**< The peer address given by the host is not an IPv4 or IPv6 address. */
#define OSTIARY_USAGE_ISSUER_UNKNOWN 8 /**< Keys were given for an issuer that the Gate does not name. */
#define OSTIARY_USAGE_HANDLE_POISONED 9 /**< An earlier call on this handle ended in INTERNAL; free it and make a new one. */
#define OSTIARY_USAGE_ADDRESS_BLOCK 10 /**< An address block is not an IPv4 or IPv6 address, a slash and a prefix length with no bit set behind it. */
#define OSTIARY_USAGE_HEADER_EDIT 11 /**< A header edit has a name or a value that cannot stand in a header, or edits framing or Host. */
#define OSTIARY_USAGE_WAIVER 12 /**< A rule was waived that is unknown or cannot be waived. */
#define OSTIARY_USAGE_FLAG 13 /**< The host set a flag that the Gate does not declare. */
#define OSTIARY_HEAD_EMPTY 1001 /**< There are no bytes to inspect. */
#define OSTIARY_HEAD_INCOMPLETE 1002 /**< The head ends before its empty line; more bytes are needed. */
#define OSTIARY_HEAD_TOO_LARGE 1003 /**< The head is longer than the limit. */
#define OSTIARY_HEAD_BARE_LF 1004 /**< A line ends in LF without CR. */
#define OSTIARY_HEAD_BARE_CR 1005 /**< A CR is not followed by LF. */
#define OSTIARY_HEAD_LEADING_EMPTY_LINE 1006 /**< One empty line stood before the request line; it was skipped. */
#define OSTIARY_METHOD_MALFORMED 1010 /**< The method is empty or has a byte that is not a token character. */
#define OSTIARY_METHOD_UNSUPPORTED 1011 /**< The method is not one of the methods of RFC 9110 and RFC 5789 in upper case. */
#define OSTIARY_REQUEST_LINE_MALFORMED 1012 /**< The request line is not method SP target SP version. */
#define OSTIARY_VERSION_UNSUPPORTED 1013 /**< The version is neither HTTP/1.1 nor HTTP/1.0. */
#define OSTIARY_TARGET_TOO_LONG 1020 /**< The request target is longer than the limit. */
#define OSTIARY_TARGET_FORM 1021 /**< The target has a form that its method does not take: a path that starts with a slash, http or https and an authority, the authority alone for CONNECT, the asterisk for OPTIONS. */
#define OSTIARY_TARGET_CHARACTER 1022 /**< The request target has a byte that must be percent-encoded there. */
#define OSTIARY_TARGET_FRAGMENT 1023 /**< The request target has a fragment. */
#define OSTIARY_TARGET_SCHEME 1024 /**< The target is in absolute form with a scheme other than http or https. */
#define OSTIARY_TARGET_USER_INFORMATION 1025 /**< The authority of the target has user information. */
#define OSTIARY_TARGET_ABSOLUTE 1026 /**< The target was in absolute form; the view has its authority, path and query. */
#define OSTIARY_PATH_ESCAPE 1030 /**< A percent sign is not followed by two hexadecimal digits. */
#define OSTIARY_PATH_ENCODED_SEPARATOR 1031 /**< The path has an encoded slash or backslash, which other programs take for a separator. */
#define OSTIARY_PATH_BACKSLASH 1032 /**< The path has a raw backslash. */
#define OSTIARY_PATH_CONTROL 1033 /**< The path has an encoded control character. */
#define OSTIARY_PATH_DOUBLE_ENCODED 1034 /**< The path would still have an escape after one decoding. */
#define OSTIARY_PATH_ABOVE_ROOT 1035 /**< A dot segment climbs above the root. */
#define OSTIARY_PATH_MATRIX_PARAMETER 1036 /**< A path segment has a semicolon, raw or encoded, where some programs cut it off. */
#define OSTIARY_PATH_AMBIGUOUS_SLASHES 1037 /**< The path has both empty and dot segments; their order of removal changes its meaning. */
#define OSTIARY_PATH_UTF8 1038 /**< The decoded path is not valid UTF-8. */
#define OSTIARY_PATH_DOT_SEGMENT 1039 /**< The path had dot segments, which were removed. */
#define OSTIARY_PATH_EMPTY_SEGMENT 1040 /**< The path had empty segments, which were merged. */
#define OSTIARY_PATH_NORMALISED_ESCAPE 1041 /**< The path had escapes that were decoded or written in upper case. */
#define OSTIARY_PATH_NON_ASCII 1042 /**< The path has encoded characters outside ASCII. */
#define OSTIARY_PATH_ENCODED_DELIMITER 1043 /**< The path has an encoded delimiter that was kept encoded. */
#define OSTIARY_PATH_TRAILING_DOT_OR_SPACE 1044 /**< A path segment ends in a dot or an encoded space, which some file systems drop. */
#define OSTIARY_PATH_LOOKALIKE 1045 /**< The path has a character that compatibility normalisation turns into a dot, a separator or another delimiter. */
#define OSTIARY_PATH_OVERLONG 1046 /**< The path has an overlong UTF-8 sequence. */
#define OSTIARY_FIELD_NAME 1050 /**< A field name is empty or has a byte that is not a token character; pseudo-headers are not fields. */
#define OSTIARY_FIELD_COLON 1051 /**< A field line has no colon. */
#define OSTIARY_FIELD_SPACE_BEFORE_COLON 1052 /**< White space stands between a field name and its colon. */
#define OSTIARY_FIELD_FOLDED 1053 /**< A field line starts with white space (obsolete line folding). */
#define OSTIARY_FIELD_VALUE 1054 /**< A field value has a control character. */
#define OSTIARY_FIELD_TOO_MANY 1055 /**< There are more fields than the limit. */
#define OSTIARY_FIELD_DUPLICATE 1056 /**< A field that may stand once stands twice. */
#define OSTIARY_FIELD_NAME_UNDERSCORE 1057 /**< A field name has an underscore, which gateways take for a hyphen. */
#define OSTIARY_FIELD_VALUE_OBS_TEXT 1058 /**< A field value has bytes outside ASCII. */
#define OSTIARY_FIELD_NAME_CASE 1059 /**< A field name in HTTP/2 or HTTP/3 has an upper-case letter. */
#define OSTIARY_FIELD_CONNECTION_SPECIFIC 1060 /**< Connection names a field that must reach the origin, or something that is not a token. */
#define OSTIARY_FIELD_NOT_IN_HTTP2 1061 /**< A connection-specific field stands in an HTTP/2 or HTTP/3 request. */
#define OSTIARY_FIELD_TRUSTED_ONLY 1062 /**< The field tells about an earlier hop; it is removed unless a trusted hop sent it. */
#define OSTIARY_FIELD_FORBIDDEN 1063 /**< The field would override method, target or scheme behind the door's back; it is removed. */
#define OSTIARY_FIELD_LIST_TOO_LONG 1064 /**< A Range, If-Match, If-None-Match or Connection has more members than the limit, or more hops are listed than are looked at. */
#define OSTIARY_EXPECT_UNSUPPORTED 1065 /**< Expect is not exactly 100-continue. */
#define OSTIARY_UPGRADE_H2C 1066 /**< An upgrade to unencrypted HTTP/2 is asked for; the offer is removed. */
#define OSTIARY_UPGRADE_REFUSED 1067 /**< A change of protocol is asked for and the route does not permit it. */
#define OSTIARY_UPGRADE_WITH_BODY 1068 /**< A change of protocol is asked for by a request with a body, or Upgrade is not a list of protocols. */
#define OSTIARY_HOST_MISSING 1070 /**< There is no Host field or authority. */
#define OSTIARY_HOST_DUPLICATE 1071 /**< There is more than one Host field. */
#define OSTIARY_HOST_MALFORMED 1072 /**< The Host is not a host name, an IPv4 address or a bracketed IPv6 address with an optional port. */
#define OSTIARY_HOST_DISAGREES 1073 /**< The authority and the Host field differ. */
#define OSTIARY_LENGTH_MALFORMED 1080 /**< Content-Length is not one decimal number below 2^63 without leading zeros. */
#define OSTIARY_LENGTH_DUPLICATE 1081 /**< There is more than one Content-Length. */
#define OSTIARY_LENGTH_WITH_ENCODING 1082 /**< Content-Length and Transfer-Encoding stand together. */
#define OSTIARY_ENCODING_UNSUPPORTED 1083 /**< Transfer-Encoding is not exactly one chunked. */
#define OSTIARY_ENCODING_VERSION 1084 /**< Transfer-Encoding stands in a message that is not HTTP/1.1. */
#define OSTIARY_BODY_UNEXPECTED 1085 /**< A GET, HEAD, CONNECT or TRACE request has a body. */
#define OSTIARY_COOKIE_LEGACY 1100 /**< The Cookie field has a $Version attribute, with which some programs change to another grammar. */
#define OSTIARY_COOKIE_NAMELESS 1101 /**< A cookie has no name; it is passed over. */
#define OSTIARY_COOKIE_DUPLICATE 1102 /**< A cookie that must stand once stands twice. */
#define OSTIARY_COOKIE_TOO_MANY 1103 /**< There are more cookies than the limit. */
#define OSTIARY_PARAMETER_DUPLICATE 1110 /**< A query parameter that must stand once stands twice. */
#define OSTIARY_PARAMETER_TOO_MANY 1111 /**< There are more query parameters than the limit. */
#define OSTIARY_CLIENT_HOP_MALFORMED 1120 /**< A hop is not an address; the hops before it are not believed. */
#define OSTIARY_CLIENT_HOPS_MISSING 1121 /**< There are fewer hops than are trusted; the peer is taken for the client. */
#define OSTIARY_CLIENT_FIELD_MALFORMED 1122 /**< The field that the platform sets is absent, doubled or no address. */
#define OSTIARY_STRUCTURED_FIELD_SYNTAX 1130 /**< The value is not a structured field of the expected type. */
#define OSTIARY_STRUCTURED_FIELD_NUMBER 1131 /**< A number has too many digits or is malformed. */
#define OSTIARY_STRUCTURED_FIELD_STRING 1132 /**< A string is not closed or has a byte that may not stand in it. */
#define OSTIARY_STRUCTURED_FIELD_BYTES 1133 /**< A byte sequence is not closed or not base64. */
#define OSTIARY_STRUCTURED_FIELD_KEY 1134 /**< A key does not start with a lower-case letter or an asterisk. */
#define OSTIARY_STRUCTURED_FIELD_DATE 1135 /**< A date is not an integer. */
#define OSTIARY_STRUCTURED_FIELD_DISPLAY 1136 /**< A display string is not closed, not escaped in lower case or not UTF-8. */
#define OSTIARY_STRUCTURED_FIELD_LIMIT 1137 /**< A structured field has more members or parameters than the limit. */
#define OSTIARY_STRUCTURED_FIELD_VALUE 1138 /**< A value cannot be written as a structured field. */
#define OSTIARY_CREDENTIAL_MISSING 2001 /**< The request carries no credential and the route needs one. */
#define OSTIARY_CREDENTIAL_SCHEME 2002 /**< The Authorization scheme is not Bearer. */
#define OSTIARY_CREDENTIAL_MALFORMED 2003 /**< The Authorization value is not one scheme, one space and one token. */
#define OSTIARY_TOKEN_EMPTY 2010 /**< The token is empty. */
#define OSTIARY_TOKEN_TOO_LONG 2011 /**< The token or one of its parts is longer than the limit. */
#define OSTIARY_TOKEN_CHARACTER 2012 /**< The token has a byte that is neither base64url nor a dot. */
#define OSTIARY_TOKEN_SEGMENTS 2013 /**< The token does not have exactly three non-empty parts. */
#define OSTIARY_TOKEN_ENCRYPTED 2014 /**< The token has five parts (JWE); encrypted tokens are not accepted. */
#define OSTIARY_TOKEN_BASE64 2015 /**< A part is not canonical base64url: a wrong length, or unused bits that are not zero. */
#define OSTIARY_TOKEN_HEADER_JSON 2020 /**< The header is not one strict JSON object. */
#define OSTIARY_TOKEN_PAYLOAD_JSON 2021 /**< The payload is not one strict JSON object. */
#define OSTIARY_TOKEN_DUPLICATE_MEMBER 2022 /**< A JSON member name stands twice in the header or the payload. */
#define OSTIARY_TOKEN_JSON_LIMIT 2023 /**< The header or the payload is nested too deeply or has too many members. */
#define OSTIARY_TOKEN_ALGORITHM_MISSING 2030 /**< The header has no alg, or alg is not a string. */
#define OSTIARY_TOKEN_ALGORITHM_REFUSED 2031 /**< The algorithm is none, unknown, or not one the issuer is allowed to use. */
#define OSTIARY_TOKEN_CRITICAL 2032 /**< The header marks an extension as critical; none is supported. */
#define OSTIARY_TOKEN_HEADER_MEMBER 2033 /**< A header member has the wrong type or belongs to an encrypted token. */
#define OSTIARY_TOKEN_TYPE 2034 /**< The typ of the token is not JWT or at+jwt. */
#define OSTIARY_TOKEN_KEY_ID_MISSING 2035 /**< The header has no kid and more than one key could have signed. */
#define OSTIARY_TOKEN_KEY_UNKNOWN 2036 /**< No key of the issuer has this kid and algorithm. */
#define OSTIARY_TOKEN_SIGNATURE_LENGTH 2037 /**< The signature does not have the length its key demands. */
#define OSTIARY_TOKEN_SIGNATURE 2038 /**< The signature does not match. */
#define OSTIARY_TOKEN_ISSUER_MISSING 2040 /**< The token has no iss, or iss is not a string. */
#define OSTIARY_TOKEN_ISSUER_UNKNOWN 2041 /**< The issuer is not one that is trusted here. */
#define OSTIARY_TOKEN_ISSUER_KEYS 2042 /**< No keys have been given for the issuer. */
#define OSTIARY_TOKEN_AUDIENCE_MISSING 2043 /**< The token has no aud, or aud is neither a string nor a list of strings. */
#define OSTIARY_TOKEN_AUDIENCE 2044 /**< The token is meant for another audience. */
#define OSTIARY_TOKEN_EXPIRY_MISSING 2045 /**< The token has no exp. */
#define OSTIARY_TOKEN_DATE 2046 /**< exp, nbf or iat is not a non-negative JSON number below 2^53. */
#define OSTIARY_TOKEN_EXPIRED 2047 /**< The token has expired. */
#define OSTIARY_TOKEN_NOT_YET_VALID 2048 /**< The token is not valid yet (nbf or iat lies in the future). */
#define OSTIARY_TOKEN_CLAIM_TYPE 2049 /**< A registered claim has the wrong type. */
#define OSTIARY_IDENTITY_IMAGE 2050 /**< The bytes are not a well-formed Identity. */
#define OSTIARY_TOKEN_CLAIM_MISSING 2051 /**< A claim that this kind of token must have is absent. */
#define OSTIARY_TOKEN_CLAIM_VALUE 2052 /**< A claim or a header member that the policy fixes is absent or has another value. */
#define OSTIARY_TOKEN_PROFILE 2053 /**< The token bears the mark of another kind of token than the one expected. */
#define OSTIARY_TOKEN_NONCE 2054 /**< The nonce is absent or is not the one of this login. */
#define OSTIARY_TOKEN_AUTHORIZED_PARTY 2055 /**< azp is absent although there are several audiences, or names another client. */
#define OSTIARY_TOKEN_HASH 2056 /**< at_hash or c_hash is absent or belongs to another access token or code. */
#define OSTIARY_TOKEN_EVENTS 2057 /**< The events claim is not that of a logout token, or neither sub nor sid says who leaves. */
#define OSTIARY_TOKEN_TOO_OLD 2058 /**< The token was issued longer ago than the policy allows. */
#define OSTIARY_TOKEN_REVOKED 2059 /**< The token, its key, its session or its subject stands on the revocation list. */
#define OSTIARY_DPOP_MISSING 2060 /**< The token is bound to a key and the request carries no DPoP proof. */
#define OSTIARY_DPOP_MULTIPLE 2061 /**< There is more than one DPoP field, or it holds more than one proof. */
#define OSTIARY_DPOP_MALFORMED 2062 /**< The DPoP proof is not a signed token of strict syntax. */
#define OSTIARY_DPOP_TYPE 2063 /**< The typ of the proof is not dpop+jwt. */
#define OSTIARY_DPOP_ALGORITHM 2064 /**< The algorithm of the proof is none, symmetric, unknown or not allowed here. */
#define OSTIARY_DPOP_KEY 2065 /**< The jwk of the proof is missing, private, or no key that Ostiary can use. */
#define OSTIARY_DPOP_SIGNATURE 2066 /**< The signature of the proof does not match its own key. */
#define OSTIARY_DPOP_CLAIMS 2067 /**< jti, htm, htu or iat of the proof is missing, empty, too long or of the wrong type. */
#define OSTIARY_DPOP_METHOD 2068 /**< htm is not the method of the request. */
#define OSTIARY_DPOP_URI 2069 /**< htu is not the URI of the request. */
#define OSTIARY_DPOP_AGE 2070 /**< The proof is too old, or was made in the future. */
#define OSTIARY_DPOP_NONCE 2071 /**< The proof has no nonce, or one that this server did not give out lately. */
#define OSTIARY_DPOP_ACCESS_TOKEN 2072 /**< ath is missing or belongs to another access token. */
#define OSTIARY_DPOP_BINDING 2073 /**< The token is bound to another key than the one the proof shows. */
#define OSTIARY_DPOP_UNBOUND 2074 /**< The DPoP scheme was used with a token that is bound to no key. */
#define OSTIARY_DPOP_SCHEME 2075 /**< A token that is bound to a key was presented as a bearer token. */
#define OSTIARY_DPOP_REPLAY 2076 /**< The proof was used before. */
#define OSTIARY_DPOP_REPLAY_UNKNOWN 2077 /**< Whether the proof was used before cannot be told: the replay memory is full or its store does not answer. */
#define OSTIARY_CERTIFICATE_MISSING 2080 /**< The token is bound to a client certificate and the connection has none. */
#define OSTIARY_CERTIFICATE_BINDING 2081 /**< The token is bound to another client certificate. */
#define OSTIARY_CONFIRMATION_UNKNOWN 2082 /**< The token is bound to a sender in a way that is malformed or not supported. */
#define OSTIARY_KEYS_JSON 3001 /**< The key set is not one strict JSON object with an array named keys. */
#define OSTIARY_KEYS_DUPLICATE_MEMBER 3002 /**< A JSON member name stands twice in the key set. */
#define OSTIARY_KEYS_LIMIT 3003 /**< The key set is larger, deeper or has more keys than the limit. */
#define OSTIARY_KEYS_EMPTY 3004 /**< The key set has no key that can verify a signature. */
#define OSTIARY_KEYS_DUPLICATE_ID 3005 /**< Two usable keys have the same kid. */
#define OSTIARY_KEY_TYPE 3010 /**< The key type is missing or not supported; the key is skipped. */
#define OSTIARY_KEY_USE 3011 /**< use or key_ops does not allow verification; the key is skipped. */
#define OSTIARY_KEY_ALGORITHM 3012 /**< alg is not supported or does not fit the key type; the key is skipped. */
#define OSTIARY_KEY_PRIVATE 3013 /**< The set holds private or symmetric key material; the whole set is refused. */
#define OSTIARY_KEY_MEMBER 3014 /**< A key member is missing, has the wrong type or is not canonical base64url. */
#define OSTIARY_KEY_RSA_SIZE 3015 /**< The RSA modulus is shorter than 2048 or longer than 8192 bits, or even. */
#define OSTIARY_KEY_RSA_EXPONENT 3016 /**< The RSA exponent is not odd and between 3 and 2^32. */
#define OSTIARY_KEY_CURVE 3017 /**< The curve is not one this algorithm uses. */
#define OSTIARY_KEY_POINT 3018 /**< The coordinates are not a point of the curve, or not of full length. */
#define OSTIARY_KEY_WEAK 3019 /**< The RSA modulus has a small factor or the form of a known broken generator; the key is skipped. */
#define OSTIARY_KEY_PEM 3020 /**< The text is not exactly one PEM block, PUBLIC KEY or CERTIFICATE, of strict base64. */
#define OSTIARY_KEY_CERTIFICATE 3021 /**< The certificate cannot be parsed. */
#define OSTIARY_KEY_SECRET_SIZE 3022 /**< The secret is shorter than the hash of its algorithm, or longer than the limit. */
#define OSTIARY_KEY_SECRET_PUBLIC 3023 /**< The secret is a public key, a certificate or a key set: everyone knows it. */
#define OSTIARY_KEY_UNSUPPORTED 3024 /**< The cryptographic library that is linked does not have this algorithm; the key is skipped. */
#define OSTIARY_DISCOVERY_JSON 3030 /**< The discovery document is not one strict JSON object within the limits. */
#define OSTIARY_DISCOVERY_ISSUER 3031 /**< The issuer of the discovery document is not the one it was asked for. */
#define OSTIARY_DISCOVERY_URI 3032 /**< jwks_uri is missing or not an https URI. */
#define OSTIARY_KEY_SOURCE_TICKET 3033 /**< The answer belongs to no fetch that is under way. */
#define OSTIARY_KEYS_NOT_FOUND 3034 /**< The host could not fetch the keys. */
#define OSTIARY_REVOCATION_JSON 3040 /**< The revocation list is not strict JSON of the documented form. */
#define OSTIARY_REVOCATION_LIMIT 3041 /**< The revocation list is larger than the limit. */
#define OSTIARY_ALLOWED 4001 /**< A rule allows the request and no rule denies it. */
#define OSTIARY_NOT_DECIDED 4002 /**< No decision was taken; this is what a Decision holds before it is filled. */
#define OSTIARY_ROUTE_UNKNOWN 4010 /**< No route matches the host and path. */
#define OSTIARY_ROUTE_METHOD 4011 /**< A route matches the host and path, but not with this method. */
#define OSTIARY_ROUTE_HOST 4012 /**< No route has this host. */
#define OSTIARY_RATE_LIMITED 4013 /**< The rate limit of the route is reached. */
#define OSTIARY_RULE_DENIED 4020 /**< A deny rule matches. */
#define OSTIARY_RULE_NO_MATCH 4021 /**< No rule allows this identity on this route. */
#define OSTIARY_ROLE_NONE 4022 /**< The route demands a role and no role mapping matches. */
#define OSTIARY_ROLE_AMBIGUOUS 4023 /**< More than one role mapping matches. */
#define OSTIARY_ROLE_SESSION 4024 /**< A claim that must name or tag the role's session has a value that AWS does not take. */
#define OSTIARY_IDENTITY_HEADER_VALUE 4030 /**< A claim that must be sent to the origin has bytes that cannot stand in a header, or is too long. */
#define OSTIARY_GATE_JSON 5001 /**< The Gate is not strict JSON. */
#define OSTIARY_GATE_DUPLICATE_MEMBER 5002 /**< A member name stands twice in the Gate. */
#define OSTIARY_GATE_LIMIT 5003 /**< The Gate is larger, deeper or has more of something than the limit. */
#define OSTIARY_GATE_UNKNOWN_MEMBER 5004 /**< The language has no such member. */
#define OSTIARY_GATE_MISSING_MEMBER 5005 /**< A required member is missing. */
#define OSTIARY_GATE_TYPE 5006 /**< A member has the wrong JSON type. */
#define OSTIARY_GATE_VALUE 5007 /**< A value is outside what the language allows. */
#define OSTIARY_GATE_REFERENCE 5008 /**< A name is used that nothing declares. */
#define OSTIARY_GATE_DUPLICATE_ID 5009 /**< Two routes or two rules have the same id. */
#define OSTIARY_GATE_PATTERN 5010 /**< A host or path pattern is not in canonical form. */
#define OSTIARY_GATE_AMBIGUOUS 5011 /**< Two routes match the same request and neither is more specific; the message shows the request. */
#define OSTIARY_IMAGE_FORMAT 5020 /**< The bytes are not a Gate image of a format this version reads. */
#define OSTIARY_IMAGE_DAMAGED 5021 /**< The Gate image is truncated or damaged. */
#define OSTIARY_IMAGE_UNSIGNED 5022 /**< The Gate image is not signed, and this door asks for a signature. */
#define OSTIARY_IMAGE_SIGNATURE 5023 /**< The signature of the Gate image is not right, or of a key that is not trusted. */
#define OSTIARY_IMAGE_ROLLBACK 5024 /**< The Gate image is older than what this door still accepts. */
#define OSTIARY_IMAGE_UNPROVED 5025 /**< The Gate image has no proof that it stays inside a boundary, and this door asks for one. */
#define OSTIARY_IMAGE_BOUNDARY 5026 /**< The Gate image was proved inside another boundary than the one that this door pins. */
#define OSTIARY_IMAGE_REVIEW 5027 /**< Too few trusted reviewers have signed the boundary of the Gate image. */
#define OSTIARY_RECEIPT_FORMAT 5030 /**< The bytes are not a review receipt of a form that this version reads. */
#define OSTIARY_RECEIPT_BOUNDARY 5031 /**< The review receipt is of another boundary. */
#define OSTIARY_RECEIPT_REVIEW 5032 /**< Too few trusted reviewers have signed the boundary in the review receipt. */
#define OSTIARY_GATE_OUTSIDE 5033 /**< The Gate allows what its boundary does not. */
#define OSTIARY_GATE_NOT_PROVED 5034 /**< It could not be proved that the Gate stays inside its boundary. */

/* END GENERATED REASONS */

/* ---- views and errors ----------------------------------------------------------------------------------- */

/** A run of bytes that somebody else owns. */
typedef struct ostiary_bytes {
  const char* data;
  size_t len;
} ostiary_bytes;

/** One row of the registry of Reasons. Every view is static. */
typedef struct ostiary_reason_info {
  ostiary_reason reason;
  uint32_t http_status; /**< what a door answers when this is the outcome */
  ostiary_bytes name;
  ostiary_bytes reason_class; /**< "ok", "usage", "request", "token", "key", "decision" or "gate" */
  ostiary_bytes clause;       /**< RFC clause, empty where there is none */
  ostiary_bytes text;         /**< one sentence */
} ostiary_reason_info;

/** Number of registered Reasons. Pure. */
OSTIARY_API size_t ostiary_reason_count(void);

/** Row `index` in ascending order of number. USAGE_ARGUMENT when out of range. Pure. */
OSTIARY_API ostiary_reason ostiary_reason_at(size_t index, ostiary_reason_info* out);

/** The row of a Reason. USAGE_ARGUMENT when it is not registered. Pure. */
OSTIARY_API ostiary_reason ostiary_reason_find(ostiary_reason reason, ostiary_reason_info* out);

/** Why a call failed and where. Owned by the caller; never holds bytes of tokens, keys or header values. */
typedef struct ostiary_error {
  uint32_t struct_size;
  ostiary_reason reason;
  uint32_t offset; /**< byte in the input that was given; for an entry of a list, its index */
  uint32_t line;   /**< from 1, for gate sources; 0 elsewhere */
  uint32_t column; /**< from 1, in bytes; 0 elsewhere */
  uint32_t count;  /**< how many errors were found; this is the first */
  char message[256]; /**< NUL-terminated, one line: what was expected, where, what to change */
} ostiary_error;

#define OSTIARY_ERROR_INIT \
  { sizeof(ostiary_error), OSTIARY_OK, 0, 0, 0, 0, {0} }

/* ---- inspect -------------------------------------------------------------------------------------------- */

/** One header field as a host that parsed the request hands it over. */
typedef struct ostiary_field {
  ostiary_bytes name;
  ostiary_bytes value;
} ostiary_field;

/** The version of a message. */
typedef int32_t ostiary_http_version;
#define OSTIARY_HTTP_UNKNOWN 0
#define OSTIARY_HTTP_1_0 1
#define OSTIARY_HTTP_1_1 2
#define OSTIARY_HTTP_2 3
#define OSTIARY_HTTP_3 4

/** A request head that the host has parsed already (edge runtime, HTTP/2, nginx, ASGI). */
typedef struct ostiary_head {
  uint32_t struct_size;
  uint32_t flags; /**< must be 0 */
  ostiary_bytes method;
  ostiary_bytes authority; /**< {NULL, 0}: the Host field is used */
  ostiary_bytes target;    /**< path and query */
  const ostiary_field* fields;
  size_t field_count;
  /* since ABI version 2 */
  ostiary_http_version version; /**< of the message, where the host knows it; HTTP/2 and HTTP/3 have their own rules */
  uint32_t reserved;            /**< must be 0 */
} ostiary_head;

#define OSTIARY_HEAD_INIT \
  { sizeof(ostiary_head), 0, {NULL, 0}, {NULL, 0}, {NULL, 0}, NULL, 0, OSTIARY_HTTP_UNKNOWN, 0 }

/** How a request came. */
typedef int32_t ostiary_scheme;
#define OSTIARY_SCHEME_UNKNOWN 0
#define OSTIARY_SCHEME_HTTP 1
#define OSTIARY_SCHEME_HTTPS 2

/** What a host tells the inspector beside the head. All zero is the strictest there is. */
typedef struct ostiary_inspect_options {
  uint32_t struct_size;
  uint32_t flags;        /**< must be 0 */
  ostiary_scheme scheme; /**< known, its default port is taken off the Host; an absolute target must agree with it */
  uint32_t reserved;     /**< must be 0 */
  const ostiary_reason* waived; /**< rules whose rejections are left to the caller; see ostiary_rule_find */
  size_t waived_count;
} ostiary_inspect_options;

#define OSTIARY_INSPECT_OPTIONS_INIT \
  { sizeof(ostiary_inspect_options), 0, OSTIARY_SCHEME_UNKNOWN, 0, NULL, 0 }

typedef int32_t ostiary_progress;
#define OSTIARY_PROGRESS_REJECTED 0
#define OSTIARY_PROGRESS_NEED_MORE 1
#define OSTIARY_PROGRESS_COMPLETE 2

typedef int32_t ostiary_disposition;
#define OSTIARY_DISPOSITION_FLAG 0   /**< noticed, nothing changed */
#define OSTIARY_DISPOSITION_SHAPE 1  /**< repaired in the canonical view */
#define OSTIARY_DISPOSITION_REJECT 2 /**< the request is refused */

typedef int32_t ostiary_framing;
#define OSTIARY_FRAMING_NO_BODY 0
#define OSTIARY_FRAMING_CONTENT_LENGTH 1
#define OSTIARY_FRAMING_CHUNKED 2

/** How the request target was written (RFC 9112 section 3.2). */
typedef int32_t ostiary_target_form;
#define OSTIARY_FORM_ORIGIN 0    /**< a path and perhaps a query */
#define OSTIARY_FORM_ABSOLUTE 1  /**< a scheme and an authority before these */
#define OSTIARY_FORM_AUTHORITY 2 /**< CONNECT: host and port, no path */
#define OSTIARY_FORM_ASTERISK 3  /**< OPTIONS of the server as a whole: the path is "*" */

/** One numbered thing the inspector noticed. */
typedef struct ostiary_finding {
  ostiary_reason reason;
  ostiary_disposition disposition;
  uint32_t offset; /**< byte in the inspected input */
  uint32_t reserved;
} ostiary_finding;

/** One rule of the inspector: what becomes of a request because of a Finding. Plain data. */
typedef struct ostiary_rule_info {
  ostiary_reason reason;
  ostiary_disposition disposition;
  uint32_t traits; /**< OSTIARY_RULE_*, or'ed */
  uint32_t reserved;
} ostiary_rule_info;

#define OSTIARY_RULE_WAIVABLE 1    /**< may be named in `waived` */
#define OSTIARY_RULE_LENSES 2      /**< refused by a gate when back ends would reach different routes */
#define OSTIARY_RULE_BYTES_DOOR 4  /**< ostiary_inspect_bytes can see the evidence */
#define OSTIARY_RULE_FIELDS_DOOR 8 /**< ostiary_inspect_fields can see the evidence */

/** Number of rules. Pure. */
OSTIARY_API size_t ostiary_rule_count(void);
/** Rule `index` in ascending order of Reason. USAGE_ARGUMENT when out of range. Pure. */
OSTIARY_API ostiary_reason ostiary_rule_at(size_t index, ostiary_rule_info* out);
/** The rule of a Reason. USAGE_ARGUMENT when it is not a rule of the inspector. Pure. */
OSTIARY_API ostiary_reason ostiary_rule_find(ostiary_reason reason, ostiary_rule_info* out);

/** Holds one inspected request and the memory for it; use it again for the next. Confined. */
typedef struct ostiary_inspection ostiary_inspection;

/** Reasons: NO_MEMORY, USAGE_ARGUMENT. */
OSTIARY_API ostiary_reason ostiary_inspection_new(ostiary_inspection** out, ostiary_error* error);
OSTIARY_API void ostiary_inspection_free(ostiary_inspection* inspection);

/** Inspects an HTTP/1 request head. The views below borrow `head` or the inspection. OK whatever the verdict.
 *  Reasons: USAGE_ARGUMENT, USAGE_HANDLE_POISONED, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_inspect_bytes(ostiary_inspection* inspection, ostiary_bytes head,
                                                 ostiary_error* error);
/** The same for a head that was parsed before. The views borrow the inspection. */
OSTIARY_API ostiary_reason ostiary_inspect_fields(ostiary_inspection* inspection, const ostiary_head* head,
                                                  ostiary_error* error);

/* The same with options; NULL and all zero are the strictest, as above. A failed call leaves an inspection that is
 * rejected. Reasons: also USAGE_WAIVER (error->offset is the index in `waived`), USAGE_STRUCT_SIZE,
 * USAGE_UNKNOWN_OPTION. */
OSTIARY_API ostiary_reason ostiary_inspect_bytes_with(ostiary_inspection* inspection, ostiary_bytes head,
                                                      const ostiary_inspect_options* options, ostiary_error* error);
OSTIARY_API ostiary_reason ostiary_inspect_fields_with(ostiary_inspection* inspection, const ostiary_head* head,
                                                       const ostiary_inspect_options* options, ostiary_error* error);

/** The same for a head that arrives in parts: give all bytes so far each time. They may have moved to other memory, but
 *  what was given before must still stand there. Every byte is read a bounded number of times, and the answer does not
 *  depend on where the head was cut. While more is needed the options must stay the same; after a verdict the next call
 *  begins the next head. Reasons: those of ostiary_inspect_bytes_with; USAGE_ARGUMENT also for fewer bytes than before
 *  and for other options. */
OSTIARY_API ostiary_reason ostiary_inspect_more(ostiary_inspection* inspection, ostiary_bytes so_far,
                                                const ostiary_inspect_options* options, ostiary_error* error);
/** Forgets whatever was inspected, a head that is still growing too. Every view of it is dead. */
OSTIARY_API void ostiary_inspection_reset(ostiary_inspection* inspection);

OSTIARY_API ostiary_progress ostiary_inspection_progress(const ostiary_inspection* inspection);
/** The finding that rejects the request, or HEAD_INCOMPLETE, or OK when complete. */
OSTIARY_API ostiary_finding ostiary_inspection_verdict(const ostiary_inspection* inspection);
/** Flags and shapes of a complete request. */
OSTIARY_API size_t ostiary_inspection_finding_count(const ostiary_inspection* inspection);
OSTIARY_API ostiary_finding ostiary_inspection_finding_at(const ostiary_inspection* inspection, size_t index);
/** 1 when there were more findings than are kept, else 0. */
OSTIARY_API uint32_t ostiary_inspection_findings_truncated(const ostiary_inspection* inspection);
/** Rules that would have rejected the request, had they not been waived, in ascending order; OK when out of range. Who
 *  waives for some requests only refuses the others by this list. */
OSTIARY_API size_t ostiary_inspection_waived_count(const ostiary_inspection* inspection);
OSTIARY_API ostiary_reason ostiary_inspection_waived_at(const ostiary_inspection* inspection, size_t index);
/** 1 when the evidence for this rule can be seen by the door that was asked, 0 when another hop has to vouch for it,
 *  when nothing has been inspected and when the Reason is no rule. Whatever the verdict. */
OSTIARY_API uint32_t ostiary_inspection_sees(const ostiary_inspection* inspection, ostiary_reason rule);
/** Bytes of the head with its empty line; the body starts there. 0 unless complete, and from fields. */
OSTIARY_API size_t ostiary_inspection_head_size(const ostiary_inspection* inspection);
/* The canonical view; absent unless complete. */
OSTIARY_API ostiary_bytes ostiary_inspection_method(const ostiary_inspection* inspection);
OSTIARY_API ostiary_bytes ostiary_inspection_target(const ostiary_inspection* inspection);
OSTIARY_API ostiary_bytes ostiary_inspection_path(const ostiary_inspection* inspection);
OSTIARY_API ostiary_bytes ostiary_inspection_query(const ostiary_inspection* inspection);
OSTIARY_API ostiary_bytes ostiary_inspection_host(const ostiary_inspection* inspection);
OSTIARY_API uint32_t ostiary_inspection_port(const ostiary_inspection* inspection);
/** 0 for HTTP/1.0 and unless complete, else 1; ostiary_inspection_version tells every version. */
OSTIARY_API uint32_t ostiary_inspection_version_minor(const ostiary_inspection* inspection);
OSTIARY_API ostiary_http_version ostiary_inspection_version(const ostiary_inspection* inspection);
/** As the host or an absolute target told it. */
OSTIARY_API ostiary_scheme ostiary_inspection_scheme(const ostiary_inspection* inspection);
OSTIARY_API ostiary_target_form ostiary_inspection_target_form(const ostiary_inspection* inspection);
/** Of an absolute or authority-form target, as sent; absent otherwise. */
OSTIARY_API ostiary_bytes ostiary_inspection_authority(const ostiary_inspection* inspection);
/** The path as sent, up to the question mark; absent in the authority form and where the target has none. */
OSTIARY_API ostiary_bytes ostiary_inspection_raw_path(const ostiary_inspection* inspection);
/** 1 when back ends could read another path than the canonical one, else 0. */
OSTIARY_API uint32_t ostiary_inspection_path_is_ambiguous(const ostiary_inspection* inspection);
/** 1 when a field name has an underscore, which some back ends take for a hyphen, else 0. */
OSTIARY_API uint32_t ostiary_inspection_has_underscore_names(const ostiary_inspection* inspection);
OSTIARY_API ostiary_framing ostiary_inspection_framing(const ostiary_inspection* inspection);
OSTIARY_API uint64_t ostiary_inspection_content_length(const ostiary_inspection* inspection);
OSTIARY_API size_t ostiary_inspection_field_count(const ostiary_inspection* inspection);
/** Field `index` in the order sent; absent views when out of range. */
OSTIARY_API ostiary_field ostiary_inspection_field_at(const ostiary_inspection* inspection, size_t index);

/** How a back end that does not follow RFC 3986 reads a path. */
typedef int32_t ostiary_lens;
#define OSTIARY_LENS_RFC3986 0       /**< as the canonical path: what the others are compared with */
#define OSTIARY_LENS_NGINX 1         /**< decodes a slash too, and merges slashes before dot segments go */
#define OSTIARY_LENS_BACKSLASH 2     /**< takes a backslash for a slash, raw or encoded, and an encoded slash as well */
#define OSTIARY_LENS_MATRIX 3        /**< cuts each segment off at its semicolon */
#define OSTIARY_LENS_DOUBLE_DECODE 4 /**< decodes twice */
#define OSTIARY_LENS_COUNT 5

/** The path through a lens, in the form of a canonical path. When path_is_ambiguous, some lens reads another path than
 *  the canonical one: who routes by path compares where each would lead. `out` borrows the inspection or `memory`, of
 *  which as many bytes as the raw path has are always enough; absent unless complete, and in the authority form.
 *  Reasons: PATH_ABOVE_ROOT when such a back end refuses the path, USAGE_SCRATCH_TOO_SMALL, USAGE_ARGUMENT. */
OSTIARY_API ostiary_reason ostiary_inspection_lens_path(const ostiary_inspection* inspection, ostiary_lens lens,
                                                        char* memory, size_t memory_size, ostiary_bytes* out,
                                                        ostiary_error* error);

#define OSTIARY_NOT_FOUND ((size_t)-1)

/** Index of the first field of this name, in any case of letters, from index `from` on; OSTIARY_NOT_FOUND when there is
 *  none. To see all of them, ask again from the next index. */
OSTIARY_API size_t ostiary_inspection_field_find(const ostiary_inspection* inspection, ostiary_bytes name, size_t from);

/* ---- what the fields say ----------------------------------------------------------------------------------- */

/* All of these are for a complete inspection: otherwise there is nothing, which is no error. Views borrow what the view
 * of the inspection borrows. Lists are written to the caller's array, of which `capacity` elements are used; `count` is
 * how many there are, and all of them were written when it is not larger. Call with {NULL, 0} to learn the count. */

typedef struct ostiary_pair {
  ostiary_bytes name;
  ostiary_bytes value;
} ostiary_pair;

/** No request has more cookies, nor more query parameters that can be asked for. */
#define OSTIARY_PAIRS_MAX 256

/** The cookies that have a name, in the order sent (RFC 6265). Reasons: USAGE_ARGUMENT. */
OSTIARY_API ostiary_reason ostiary_inspection_cookies(const ostiary_inspection* inspection, ostiary_pair* out,
                                                      size_t capacity, size_t* count, ostiary_error* error);
/** The value of a cookie that must stand once; absent when there is none. Names are compared byte by byte.
 *  Reasons: COOKIE_DUPLICATE, USAGE_ARGUMENT. */
OSTIARY_API ostiary_reason ostiary_inspection_cookie_find(const ostiary_inspection* inspection, ostiary_bytes name,
                                                          ostiary_bytes* value, ostiary_error* error);
/** The first cookie that has no name, which the list passes over (COOKIE_NAMELESS); absent when every one has. */
OSTIARY_API ostiary_bytes ostiary_inspection_cookie_nameless(const ostiary_inspection* inspection);

/** The query parameters as sent, escapes and all: only "&" separates. A value is absent where there is no equals sign.
 *  Reasons: PARAMETER_TOO_MANY, PATH_ESCAPE (a malformed escape), USAGE_ARGUMENT; then `count` is 0. */
OSTIARY_API ostiary_reason ostiary_inspection_parameters(const ostiary_inspection* inspection, ostiary_pair* out,
                                                         size_t capacity, size_t* count, ostiary_error* error);
/** The parameter that must stand once, by its decoded name, as sent; its name is absent when there is none.
 *  Reasons: PARAMETER_DUPLICATE (also for `a[]` and `a[b]` beside or instead of `a`), PARAMETER_TOO_MANY, PATH_ESCAPE,
 *  USAGE_ARGUMENT. */
OSTIARY_API ostiary_reason ostiary_inspection_parameter_find(const ostiary_inspection* inspection, ostiary_bytes name,
                                                             ostiary_pair* out, ostiary_error* error);

#define OSTIARY_PLUS_IS_PLUS 0  /**< RFC 3986 */
#define OSTIARY_PLUS_IS_SPACE 1 /**< forms: application/x-www-form-urlencoded */

/** The bytes that a name or value of a query stands for, decoded exactly once; absent stays absent. They may be any,
 *  NUL too. `decoded` borrows `raw` when there is nothing to decode, else `memory`, of which raw.len bytes are always
 *  enough. Reasons: PATH_ESCAPE, USAGE_SCRATCH_TOO_SMALL, USAGE_ARGUMENT. Pure. */
OSTIARY_API ostiary_reason ostiary_parameter_decode(ostiary_bytes raw, uint32_t plus, char* memory, size_t memory_size,
                                                    ostiary_bytes* decoded, ostiary_error* error);

/** What follows the scheme of an Authorization field (RFC 9110 section 11.4). */
typedef int32_t ostiary_credentials_kind;
#define OSTIARY_CREDENTIALS_EMPTY 0
#define OSTIARY_CREDENTIALS_TOKEN68 1
#define OSTIARY_CREDENTIALS_PARAMETERS 2

typedef struct ostiary_authorization {
  ostiary_bytes scheme; /**< in the case sent; absent when the request has no Authorization */
  ostiary_bytes rest;   /**< the token68 or the whole list of parameters; absent when kind is EMPTY */
  ostiary_credentials_kind kind;
  uint32_t reserved;
} ostiary_authorization;

typedef struct ostiary_auth_parameter {
  ostiary_bytes name;  /**< in the case sent; case plays no part */
  ostiary_bytes value; /**< without its quotes, and with the backslashes of quoted pairs */
  uint32_t quoted;     /**< 1: see ostiary_auth_unquote */
  uint32_t reserved;
} ostiary_auth_parameter;

/** No credentials have more. */
#define OSTIARY_AUTH_PARAMETERS_MAX 64

/** The credentials of the request. Reasons: CREDENTIAL_MALFORMED (error->offset is a byte of the head),
 *  USAGE_ARGUMENT. */
OSTIARY_API ostiary_reason ostiary_inspection_authorization(const ostiary_inspection* inspection,
                                                            ostiary_authorization* out, ostiary_error* error);
/** Their parameters in the order sent; none unless their kind is PARAMETERS. Reasons: CREDENTIAL_MALFORMED,
 *  USAGE_ARGUMENT; then `count` is 0. */
OSTIARY_API ostiary_reason ostiary_inspection_auth_parameters(const ostiary_inspection* inspection,
                                                              ostiary_auth_parameter* out, size_t capacity,
                                                              size_t* count, ostiary_error* error);
/** What a quoted value stands for. `unquoted` borrows `value` when it has no backslash, else `memory`, of which
 *  value.len bytes are always enough. Reasons: USAGE_SCRATCH_TOO_SMALL, USAGE_ARGUMENT. Pure. */
OSTIARY_API ostiary_reason ostiary_auth_unquote(ostiary_bytes value, char* memory, size_t memory_size,
                                                ostiary_bytes* unquoted, ostiary_error* error);

/* ---- structured fields ------------------------------------------------------------------------------------- */

/** The three kinds of field (RFC 9651 section 3). */
typedef int32_t ostiary_structured_type;
#define OSTIARY_STRUCTURED_ITEM 0
#define OSTIARY_STRUCTURED_LIST 1
#define OSTIARY_STRUCTURED_DICTIONARY 2

typedef int32_t ostiary_structured_kind;
#define OSTIARY_STRUCTURED_NONE 0
#define OSTIARY_STRUCTURED_INTEGER 1
#define OSTIARY_STRUCTURED_DECIMAL 2
#define OSTIARY_STRUCTURED_STRING 3
#define OSTIARY_STRUCTURED_TOKEN 4
#define OSTIARY_STRUCTURED_BYTES 5
#define OSTIARY_STRUCTURED_BOOLEAN 6
#define OSTIARY_STRUCTURED_DATE 7
#define OSTIARY_STRUCTURED_DISPLAY_STRING 8
#define OSTIARY_STRUCTURED_INNER_LIST 9

typedef int32_t ostiary_structured_place;
#define OSTIARY_STRUCTURED_MEMBER 0     /**< the item, or a member of the list or dictionary */
#define OSTIARY_STRUCTURED_INNER_ITEM 1 /**< an item of the inner list before it */
#define OSTIARY_STRUCTURED_PARAMETER 2  /**< of the last node before it that is no parameter */

/** One node of what was read. Nodes stand in this order: a member, its parameters, then, if it is an inner list, each
 *  of its items, followed by the parameters of that item. */
typedef struct ostiary_structured_node {
  ostiary_structured_place place;
  ostiary_structured_kind kind;
  int64_t number;     /**< INTEGER; DECIMAL in thousandths; DATE in seconds since 1970; BOOLEAN 0 or 1 */
  ostiary_bytes text; /**< STRING, TOKEN, BYTES (decoded), DISPLAY_STRING (UTF-8); absent otherwise */
  ostiary_bytes key;  /**< of a parameter or a member of a dictionary; absent otherwise */
} ostiary_structured_node;

/** Holds one structured field and the memory for it; use it again for the next. Confined. */
typedef struct ostiary_structured ostiary_structured;

/** Reasons: NO_MEMORY, USAGE_ARGUMENT. */
OSTIARY_API ostiary_reason ostiary_structured_new(ostiary_structured** out, ostiary_error* error);
OSTIARY_API void ostiary_structured_free(ostiary_structured* structured);

/** Reads the value of a field, as all its lines in order. No line, or an empty one, is an empty list or dictionary
 *  and not an item; 65,536 bytes are the limit. A key that stands twice is no fault: its last value stands in the place
 *  of its first. The nodes borrow the lines and `structured`; after a failed call there are none. error->offset is a
 *  byte of the lines, with two bytes between each two. Reasons: all STRUCTURED_FIELD_* but _VALUE, USAGE_ARGUMENT,
 *  USAGE_HANDLE_POISONED, NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_structured_read(ostiary_structured* structured, ostiary_structured_type type,
                                                   const ostiary_bytes* lines, size_t line_count, ostiary_error* error);
/** The same for all fields of this name (in any case of letters) of a complete inspection, which the nodes borrow. */
OSTIARY_API ostiary_reason ostiary_structured_read_field(ostiary_structured* structured, ostiary_structured_type type,
                                                         const ostiary_inspection* inspection, ostiary_bytes name,
                                                         ostiary_error* error);
OSTIARY_API size_t ostiary_structured_node_count(const ostiary_structured* structured);
/** Kind NONE when out of range. */
OSTIARY_API ostiary_structured_node ostiary_structured_node_at(const ostiary_structured* structured, size_t index);
/** 1 when some key stood more than once, for those who refuse that; else 0. */
OSTIARY_API uint32_t ostiary_structured_has_repeated_key(const ostiary_structured* structured);

/* ---- the client -------------------------------------------------------------------------------------------- */

/** Whom to believe about the client's address. */
typedef int32_t ostiary_client_strategy;
#define OSTIARY_CLIENT_PEER 0           /**< nobody: the client is the peer */
#define OSTIARY_CLIENT_TRUSTED_HOPS 1   /**< a known number of proxies, of which the peer is the last */
#define OSTIARY_CLIENT_TRUSTED_BLOCKS 2 /**< proxies whose addresses are in `trusted_blocks` */
#define OSTIARY_CLIENT_PLATFORM_FIELD 3 /**< the platform, which sets one field and lets no client set it */

/** The list of hops that is read; the other one is not looked at. */
typedef int32_t ostiary_forwarded_field;
#define OSTIARY_X_FORWARDED_FOR 0
#define OSTIARY_FORWARDED 1 /**< RFC 7239 */

/** All views are copied. */
typedef struct ostiary_client_policy_options {
  uint32_t struct_size;
  uint32_t flags; /**< must be 0 */
  ostiary_client_strategy strategy;
  ostiary_forwarded_field field;       /**< TRUSTED_HOPS, TRUSTED_BLOCKS */
  uint32_t trusted_hops;               /**< TRUSTED_HOPS: proxies between client and door, the peer included; 1 to 64 */
  uint32_t reserved;                   /**< must be 0 */
  const ostiary_bytes* trusted_blocks; /**< "192.0.2.0/24", "2001:db8::/32". TRUSTED_BLOCKS: the trusted proxies; other
                                            strategies: unless there are none, the peer must be in them */
  size_t trusted_block_count;
  ostiary_bytes platform_field;        /**< PLATFORM_FIELD: name of a field that only a trusted hop may send */
} ostiary_client_policy_options;

#define OSTIARY_CLIENT_POLICY_OPTIONS_INIT \
  { sizeof(ostiary_client_policy_options), 0, OSTIARY_CLIENT_PEER, OSTIARY_X_FORWARDED_FOR, 0, 0, NULL, 0, {NULL, 0} }

/** Where the client's address is taken from. Immutable. */
typedef struct ostiary_client_policy ostiary_client_policy;

/** Reasons: USAGE_ADDRESS_BLOCK (error->offset is the index of the block), USAGE_ARGUMENT (a strategy without what it
 *  needs), USAGE_STRUCT_SIZE, USAGE_UNKNOWN_OPTION, NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_client_policy_new(const ostiary_client_policy_options* options,
                                                     ostiary_client_policy** out, ostiary_error* error);
OSTIARY_API ostiary_client_policy* ostiary_client_policy_ref(ostiary_client_policy* policy);
OSTIARY_API void ostiary_client_policy_unref(ostiary_client_policy* policy);

/** On whose word the address is the client's. */
typedef int32_t ostiary_client_source;
#define OSTIARY_CLIENT_FROM_PEER 0
#define OSTIARY_CLIENT_FROM_X_FORWARDED_FOR 1
#define OSTIARY_CLIENT_FROM_FORWARDED 2
#define OSTIARY_CLIENT_FROM_PLATFORM_FIELD 3

#define OSTIARY_CLIENT_FINDINGS_MAX 2

/** The address of the client. Plain data, no lifetime. */
typedef struct ostiary_client {
  char address[48];       /**< canonical text, NUL-terminated; empty when the peer is unknown */
  uint32_t address_len;   /**< bytes of it */
  uint32_t family;        /**< 4, 6, or 0 for none */
  ostiary_client_source source;
  uint32_t hops_skipped;  /**< elements of the list right of the client's */
  uint32_t trusted_peer;  /**< 1: the peer is trusted to have set forwarding fields; otherwise remove them */
  uint32_t fell_back;     /**< 1: a trusted peer did not tell who asks, so the address is its own; never allow by it */
  uint32_t finding_count;
  uint32_t reserved;
  ostiary_finding findings[OSTIARY_CLIENT_FINDINGS_MAX];
} ostiary_client;

/** The client of a complete inspection that came from `peer`, an IP address as text; {NULL, 0} when unknown. On failure
 *  `out` is empty. Reasons: USAGE_PEER, USAGE_ARGUMENT. */
OSTIARY_API ostiary_reason ostiary_inspection_client(const ostiary_inspection* inspection,
                                                     const ostiary_client_policy* policy, ostiary_bytes peer,
                                                     ostiary_client* out, ostiary_error* error);

/* ---- keys ----------------------------------------------------------------------------------------------- */

/** Prepared verification keys of one issuer, each with exactly one algorithm. Immutable. */
typedef struct ostiary_key_set ostiary_key_set;

/** Imports a JWK set (RFC 7517). Keys that cannot verify are skipped; private keys refuse the set.
 *  Reasons: all KEYS_* and KEY_*, USAGE_ARGUMENT, NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_key_set_from_jwks(ostiary_bytes json, ostiary_key_set** out, ostiary_error* error);
OSTIARY_API ostiary_key_set* ostiary_key_set_ref(ostiary_key_set* key_set);
OSTIARY_API void ostiary_key_set_unref(ostiary_key_set* key_set);
/** Number of usable keys. */
OSTIARY_API size_t ostiary_key_set_count(const ostiary_key_set* key_set);
/** Number of keys that were skipped, and why each was. */
OSTIARY_API size_t ostiary_key_set_skipped_count(const ostiary_key_set* key_set);
OSTIARY_API ostiary_reason ostiary_key_set_skipped_at(const ostiary_key_set* key_set, size_t index);

#define OSTIARY_KEY_ID_MAX 128

/** A key that cannot be used. Plain data, no lifetime. */
typedef struct ostiary_skipped_key {
  uint32_t index;  /**< place in the array `keys` */
  uint32_t offset; /**< byte of the text where the fault lies */
  ostiary_reason reason;
  uint32_t key_id_len; /**< 0 when there is no kid that could be read */
  char key_id[OSTIARY_KEY_ID_MAX];
} ostiary_skipped_key;

/** As ostiary_key_set_from_jwks, and tells of the skipped keys, also when the set is refused because none is left:
 *  `capacity` of them are written to `skipped`, and `count` is how many there are. */
OSTIARY_API ostiary_reason ostiary_key_set_from_jwks_with(ostiary_bytes json, ostiary_skipped_key* skipped,
                                                          size_t capacity, size_t* count, ostiary_key_set** out,
                                                          ostiary_error* error);
/** Imports a single JWK (RFC 7517 section 4), by the same rules; one that cannot be used is refused. */
OSTIARY_API ostiary_reason ostiary_key_set_from_jwk(ostiary_bytes json, ostiary_key_set** out, ostiary_error* error);

/** A key as one PEM block: PUBLIC KEY or CERTIFICATE (RFC 7468). */
typedef struct ostiary_pem_key {
  ostiary_bytes pem;
  ostiary_bytes key_id;    /**< {NULL, 0}: the key has no kid */
  ostiary_bytes algorithm; /**< {NULL, 0}: the one algorithm of the key's type */
} ostiary_pem_key;

/** Imports PEM keys under the same rules. Of a certificate only the key counts. Any fault refuses all; error->offset is
 *  the index of the key. Reasons: KEY_*, KEYS_*, USAGE_ARGUMENT (also for an unknown algorithm), NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_key_set_from_pem(const ostiary_pem_key* keys, size_t count, ostiary_key_set** out,
                                                    ostiary_error* error);

/** What is known about a usable key. The views borrow the key set. Filled up to struct_size. */
typedef struct ostiary_key_info {
  uint32_t struct_size;
  uint32_t bits;
  ostiary_bytes key_id;    /**< absent: the key has no kid, which is not an empty one */
  ostiary_bytes algorithm; /**< static */
  uint8_t thumbprint[32];  /**< SHA-256 of the JWK (RFC 7638) */
} ostiary_key_info;

#define OSTIARY_KEY_INFO_INIT \
  { sizeof(ostiary_key_info), 0, {NULL, 0}, {NULL, 0}, {0} }

/** Key `index`, in the order of the JWK set without the skipped ones. Reasons: USAGE_ARGUMENT, USAGE_STRUCT_SIZE. */
OSTIARY_API ostiary_reason ostiary_key_set_key_at(const ostiary_key_set* key_set, size_t index, ostiary_key_info* out);

/** Shared secrets for HMAC: a type of its own, so that no key that was fetched can become one. Immutable. */
typedef struct ostiary_secret_keys ostiary_secret_keys;

typedef struct ostiary_secret_key {
  ostiary_bytes bytes;     /**< raw, not encoded; at least as long as the hash */
  ostiary_bytes algorithm; /**< "HS256", "HS384" or "HS512" */
  ostiary_bytes key_id;    /**< {NULL, 0}: the secret has no kid */
} ostiary_secret_key;

/** Copies the secrets. What is a public key, a certificate or a JWK is refused: everyone knows it. error->offset is the
 *  index. Reasons: USAGE_ARGUMENT, KEY_SECRET_SIZE, KEY_SECRET_PUBLIC, KEYS_DUPLICATE_ID, KEYS_LIMIT, NO_MEMORY,
 *  INTERNAL. */
OSTIARY_API ostiary_reason ostiary_secret_keys_new(const ostiary_secret_key* keys, size_t count,
                                                   ostiary_secret_keys** out, ostiary_error* error);
OSTIARY_API ostiary_secret_keys* ostiary_secret_keys_ref(ostiary_secret_keys* secrets);
OSTIARY_API void ostiary_secret_keys_unref(ostiary_secret_keys* secrets);
OSTIARY_API size_t ostiary_secret_keys_count(const ostiary_secret_keys* secrets);

/** What was revoked before it expired. Immutable. */
typedef struct ostiary_revocation_list ostiary_revocation_list;

/** Reads the JSON of docs/tokens.md, strictly. Reasons: REVOCATION_JSON, REVOCATION_LIMIT, USAGE_ARGUMENT, NO_MEMORY,
 *  INTERNAL. */
OSTIARY_API ostiary_reason ostiary_revocation_list_from_json(ostiary_bytes json, ostiary_revocation_list** out,
                                                             ostiary_error* error);
OSTIARY_API ostiary_revocation_list* ostiary_revocation_list_ref(ostiary_revocation_list* list);
OSTIARY_API void ostiary_revocation_list_unref(ostiary_revocation_list* list);
/** Entries, repeated ones counted once. */
OSTIARY_API size_t ostiary_revocation_list_count(const ostiary_revocation_list* list);

/* ---- keys over time --------------------------------------------------------------------------------------- */

/* When the keys of an issuer should be fetched, and which are good now. Without sockets and clock: the host asks what is
 * wanted, fetches it, and brings the bytes and the time. Its loop: ask `wanted` at the start, after each complete or
 * fail, when `unknown_key` answered 1, and when not_before_s is reached; if something is wanted, wait until
 * not_before_s, begin, fetch, complete or fail. Then take the keys and make a verifier with them. */

typedef int32_t ostiary_key_source_kind;
#define OSTIARY_KEY_SOURCE_DISCOVERY 0     /**< a discovery document that names the URI of a JWK set */
#define OSTIARY_KEY_SOURCE_KEY_SET 1       /**< a JWK set at a URI that is known */
#define OSTIARY_KEY_SOURCE_PEM_BY_KEY_ID 2 /**< one PEM key for each kid, at a URI that ends in it (AWS ALB) */

#define OSTIARY_KEY_SOURCE_LOOPBACK_HTTP 1 /**< take http for 127.0.0.1, [::1] and localhost */

/** All ages are seconds; 0 stands for what is named here. All views are copied. */
typedef struct ostiary_key_source_options {
  uint32_t struct_size;
  uint32_t flags; /**< 0 or OSTIARY_KEY_SOURCE_LOOPBACK_HTTP */
  ostiary_key_source_kind kind;
  uint32_t reserved;               /**< must be 0 */
  ostiary_bytes issuer;            /**< DISCOVERY: the iss of the tokens; else a name */
  ostiary_bytes uri;               /**< of the document ({NULL, 0}: the usual place), the JWK set, or before the kid */
  uint32_t soft_age_s;             /**< 600: keys of this age are wanted anew, unless the answer said how long it lasts */
  uint32_t soft_age_min_s;         /**< 60: bounds of what the answer may say */
  uint32_t soft_age_max_s;         /**< 3600 */
  uint32_t hard_age_s;             /**< 86400: keys of this age are no longer used */
  uint32_t unknown_key_cooldown_s; /**< 30: between fetches for kids that tokens named */
  uint32_t retry_min_s;            /**< 5: pause after the first failure, doubled with each further one */
  uint32_t retry_max_s;            /**< 300 */
  uint32_t fetch_timeout_s;        /**< 30: a fetch that did not come back has failed */
  uint32_t removed_key_grace_s;    /**< 0: how long a key lives on after an answer without it */
  uint32_t discovery_age_s;        /**< 86400 */
  uint32_t pem_key_count_max;      /**< 16 */
  uint32_t reserved2;              /**< must be 0 */
} ostiary_key_source_options;

#define OSTIARY_KEY_SOURCE_OPTIONS_INIT                                                          \
  { sizeof(ostiary_key_source_options), 0, OSTIARY_KEY_SOURCE_DISCOVERY, 0, {NULL, 0}, {NULL, 0}, \
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/** The keys of one issuer over time. Synchronised. */
typedef struct ostiary_key_source ostiary_key_source;

/** Reasons: USAGE_ARGUMENT (a URI that is not https, bounds in the wrong order or above ten years),
 *  USAGE_STRUCT_SIZE, USAGE_UNKNOWN_OPTION, NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_key_source_new(const ostiary_key_source_options* options, ostiary_key_source** out,
                                                  ostiary_error* error);
OSTIARY_API ostiary_key_source* ostiary_key_source_ref(ostiary_key_source* source);
OSTIARY_API void ostiary_key_source_unref(ostiary_key_source* source);

typedef int32_t ostiary_fetch_kind;
#define OSTIARY_FETCH_DISCOVERY 0
#define OSTIARY_FETCH_KEY_SET 1
#define OSTIARY_FETCH_PEM 2

typedef int32_t ostiary_fetch_reason;
#define OSTIARY_FETCH_FIRST 0       /**< there were never any keys */
#define OSTIARY_FETCH_SOFT_AGE 1    /**< the keys should be newer */
#define OSTIARY_FETCH_HARD_AGE 2    /**< the keys were too old to be used */
#define OSTIARY_FETCH_UNKNOWN_KEY 3 /**< a token names a key that is not there */
#define OSTIARY_FETCH_RETRY 4       /**< the last fetch failed */

/** What the host should GET. The views borrow the fetch. Filled up to struct_size. */
typedef struct ostiary_fetch_wanted {
  uint32_t struct_size;
  ostiary_fetch_kind kind;
  ostiary_fetch_reason reason;
  uint32_t reserved;
  uint64_t ticket;      /**< names this fetch in begin, complete and fail */
  int64_t not_before_s; /**< begin refuses it earlier */
  ostiary_bytes issuer;
  ostiary_bytes uri;
} ostiary_fetch_wanted;

#define OSTIARY_FETCH_WANTED_INIT \
  { sizeof(ostiary_fetch_wanted), 0, 0, 0, 0, 0, {NULL, 0}, {NULL, 0} }

/** One fetch that is wanted. Immutable. */
typedef struct ostiary_fetch ostiary_fetch;

/** `out` is NULL when nothing is wanted. Reasons: USAGE_ARGUMENT, NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_key_source_wanted(ostiary_key_source* source, int64_t now_s, ostiary_fetch** out,
                                                     ostiary_error* error);
OSTIARY_API void ostiary_fetch_free(ostiary_fetch* fetch);
/** Reasons: USAGE_ARGUMENT, USAGE_STRUCT_SIZE. */
OSTIARY_API ostiary_reason ostiary_fetch_get(const ostiary_fetch* fetch, ostiary_fetch_wanted* out);

/** Takes up a fetch that was wanted. Reasons: KEY_SOURCE_TICKET (another has begun it, it is no longer wanted, or it is
 *  too early), USAGE_ARGUMENT. */
OSTIARY_API ostiary_reason ostiary_key_source_begin(ostiary_key_source* source, uint64_t ticket, int64_t now_s,
                                                    ostiary_error* error);

/** How many keys an answer changed. Filled up to struct_size. */
typedef struct ostiary_key_change {
  uint32_t struct_size;
  uint32_t added;
  uint32_t removed;
  uint32_t replaced; /**< kids that have another key now: a grave mistake of the issuer, or an attack */
  uint32_t skipped;  /**< keys that cannot be used */
  uint32_t reserved;
} ostiary_key_change;

#define OSTIARY_KEY_CHANGE_INIT \
  { sizeof(ostiary_key_change), 0, 0, 0, 0, 0 }

#define OSTIARY_LIFETIME_UNKNOWN ((int64_t)-1)

/** The body of an answer with status 200. `lifetime_s`: how long it may be kept, as its header says (max-age).
 *  `change` may be NULL. A refused answer changes nothing and counts as a failure.
 *  Reasons: KEY_SOURCE_TICKET, DISCOVERY_*, KEYS_*, KEY_*, USAGE_ARGUMENT, USAGE_STRUCT_SIZE, NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_key_source_complete(ostiary_key_source* source, uint64_t ticket, ostiary_bytes body,
                                                       int64_t lifetime_s, int64_t now_s, ostiary_key_change* change,
                                                       ostiary_error* error);

typedef int32_t ostiary_fetch_failure;
#define OSTIARY_FETCH_UNREACHABLE 0 /**< no connection, a time-out, a status such as 500, a redirect */
#define OSTIARY_FETCH_ABSENT 1      /**< 404 or 410: removes a PEM key */

/** There is no answer. Reasons: KEY_SOURCE_TICKET, USAGE_ARGUMENT. */
OSTIARY_API ostiary_reason ostiary_key_source_fail(ostiary_key_source* source, uint64_t ticket,
                                                   ostiary_fetch_failure failure, int64_t now_s, ostiary_error* error);

/** Reports that a token was refused with TOKEN_KEY_UNKNOWN and named this kid; {NULL, 0} when it had none. 1 when that
 *  was news: ask `wanted` again. Never blocks. */
OSTIARY_API uint32_t ostiary_key_source_unknown_key(ostiary_key_source* source, ostiary_bytes key_id);

/** The keys that are good now, a reference for the caller to drop; `out` is NULL when there are none. Not for every
 *  request: ask after each answer, and when keys grow old. Reasons: USAGE_ARGUMENT, NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_key_source_keys(const ostiary_key_source* source, int64_t now_s,
                                                   ostiary_key_set** out, ostiary_error* error);

/** How a source is doing. Filled up to struct_size. */
typedef struct ostiary_key_source_status {
  uint32_t struct_size;
  uint32_t usable;    /**< 1: there are keys that are not too old */
  uint32_t under_way; /**< 1: a fetch was begun and has not come back */
  uint32_t failures;  /**< in a row */
  ostiary_reason last_error;
  uint32_t reserved;
  int64_t age_s; /**< of the keys; 0 without */
  uint64_t fetches;
  uint64_t answers;
  uint64_t changes;
  uint64_t unknown_keys;
} ostiary_key_source_status;

#define OSTIARY_KEY_SOURCE_STATUS_INIT \
  { sizeof(ostiary_key_source_status), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/** Reasons: USAGE_ARGUMENT, USAGE_STRUCT_SIZE. */
OSTIARY_API ostiary_reason ostiary_key_source_get_status(ostiary_key_source* source, int64_t now_s,
                                                         ostiary_key_source_status* out);

/* ---- what a token must be ------------------------------------------------------------------------------- */

/** The kinds of tokens; docs/tokens.md says what each asks. */
typedef int32_t ostiary_token_profile;
#define OSTIARY_PROFILE_GENERIC 0           /**< follows no profile, as most access tokens */
#define OSTIARY_PROFILE_ACCESS_TOKEN 1      /**< RFC 9068 */
#define OSTIARY_PROFILE_ID_TOKEN 2          /**< OpenID Connect Core */
#define OSTIARY_PROFILE_LOGOUT_TOKEN 3      /**< OpenID Connect Back-Channel Logout */
#define OSTIARY_PROFILE_TRANSACTION_TOKEN 4 /**< draft-ietf-oauth-transaction-tokens */

/** Where a token says for whom it is meant. */
typedef int32_t ostiary_audience_claim;
#define OSTIARY_AUDIENCE_AUD 0
#define OSTIARY_AUDIENCE_CLIENT_ID 1        /**< Amazon Cognito */
#define OSTIARY_AUDIENCE_AUTHORIZED_PARTY 2 /**< Keycloak without an audience mapper: azp */
#define OSTIARY_AUDIENCE_HEADER_CLIENT 3    /**< AWS Application Load Balancer: client in the header */

/** How the parts of a token are written. */
typedef int32_t ostiary_token_encoding;
#define OSTIARY_ENCODING_BASE64URL 0
#define OSTIARY_ENCODING_PADDED_BASE64URL 1 /**< AWS Application Load Balancer, which departs from RFC 7515 */

/** What the tokens of one issuer must satisfy. All views are copied. */
typedef struct ostiary_verifier_options {
  uint32_t struct_size;
  uint32_t flags;                  /**< must be 0 */
  ostiary_bytes issuer;            /**< exact value of iss; required */
  const ostiary_bytes* audiences;  /**< one of them must be in aud; at least one */
  size_t audience_count;
  const ostiary_bytes* algorithms; /**< "RS256", "ES256", "EdDSA", ...; at least one, all with secrets or none */
  size_t algorithm_count;
  int64_t clock_skew_s;            /**< 0 to 300 */
  /* since ABI version 3 */
  ostiary_token_profile profile;
  ostiary_audience_claim audience_claim;
  ostiary_token_encoding encoding;
  uint32_t reserved;                   /**< must be 0 */
  int64_t age_max_s;                   /**< since iat, which is then required; 0: no bound */
  const ostiary_pair* required_claims; /**< each must be text of exactly this value; names are not empty */
  size_t required_claim_count;
  const ostiary_pair* required_header; /**< the same for members of the header */
  size_t required_header_count;
} ostiary_verifier_options;

#define OSTIARY_VERIFIER_OPTIONS_INIT                                                                     \
  { sizeof(ostiary_verifier_options), 0, {NULL, 0}, NULL, 0, NULL, 0, 0, OSTIARY_PROFILE_GENERIC,         \
    OSTIARY_AUDIENCE_AUD, OSTIARY_ENCODING_BASE64URL, 0, 0, NULL, 0, NULL, 0 }

/** What the tokens of one issuer must satisfy, or of several that are one (Google). Immutable. */
typedef struct ostiary_issuer_settings ostiary_issuer_settings;

/** What a token is for. */
typedef int32_t ostiary_token_use;
#define OSTIARY_USE_ACCESS 0
#define OSTIARY_USE_LOGIN 1 /**< an ID token */

/** Which of Entra ID's two token formats an application's manifest asks for. */
typedef int32_t ostiary_entra_version;
#define OSTIARY_ENTRA_V1 1
#define OSTIARY_ENTRA_V2 2

/** Reasons of this and the next: USAGE_ARGUMENT (error->message names the member), USAGE_STRUCT_SIZE,
 *  USAGE_UNKNOWN_OPTION, NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_issuer_settings_new(const ostiary_verifier_options* options,
                                                       ostiary_issuer_settings** out, ostiary_error* error);
/** The same settings with changes: audiences, algorithms, clock_skew_s and age_max_s take the place of what was there
 *  unless they are empty or 0; required claims and header members are added. All else must be 0 or empty. */
OSTIARY_API ostiary_reason ostiary_issuer_settings_with(const ostiary_issuer_settings* settings,
                                                        const ostiary_verifier_options* changes,
                                                        ostiary_issuer_settings** out, ostiary_error* error);

/* Settings for the issuers teams meet most; docs/tokens.md tells the departure of each from the standards. Reasons:
 * USAGE_ARGUMENT when a part is empty or has a character that cannot stand in it, NO_MEMORY, INTERNAL. */

/** A custom authorization server: domain "acme.okta.com", server "default". */
OSTIARY_API ostiary_reason ostiary_issuer_settings_okta(ostiary_bytes domain, ostiary_bytes server,
                                                        ostiary_bytes audience, ostiary_token_use use,
                                                        ostiary_issuer_settings** out, ostiary_error* error);
OSTIARY_API ostiary_reason ostiary_issuer_settings_auth0(ostiary_bytes domain, ostiary_bytes audience,
                                                         ostiary_token_use use, ostiary_issuer_settings** out,
                                                         ostiary_error* error);
/** `tenant` is a GUID in lower case. Logins are of version 2. */
OSTIARY_API ostiary_reason ostiary_issuer_settings_entra(ostiary_bytes tenant, ostiary_bytes audience,
                                                         ostiary_entra_version version, ostiary_token_use use,
                                                         ostiary_issuer_settings** out, ostiary_error* error);
OSTIARY_API ostiary_reason ostiary_issuer_settings_cognito(ostiary_bytes region, ostiary_bytes user_pool,
                                                           ostiary_bytes client_id, ostiary_token_use use,
                                                           ostiary_issuer_settings** out, ostiary_error* error);
/** Logins. `hosted_domain`, unless empty, must be the claim hd: without it every Google account passes. */
OSTIARY_API ostiary_reason ostiary_issuer_settings_google(ostiary_bytes client_id, ostiary_bytes hosted_domain,
                                                          ostiary_issuer_settings** out, ostiary_error* error);
/** `repository` is "owner/name". */
OSTIARY_API ostiary_reason ostiary_issuer_settings_github_actions(ostiary_bytes audience, ostiary_bytes repository,
                                                                  ostiary_issuer_settings** out,
                                                                  ostiary_error* error);
/** `base` is "https://login.example", without a slash at its end. */
OSTIARY_API ostiary_reason ostiary_issuer_settings_keycloak(ostiary_bytes base, ostiary_bytes realm,
                                                            ostiary_bytes audience, ostiary_token_use use,
                                                            ostiary_issuer_settings** out, ostiary_error* error);
/** `issuer` is that of the identity provider behind the load balancer. */
OSTIARY_API ostiary_reason ostiary_issuer_settings_alb(ostiary_bytes issuer, ostiary_bytes client_id,
                                                       ostiary_bytes load_balancer_arn,
                                                       ostiary_issuer_settings** out, ostiary_error* error);
OSTIARY_API ostiary_issuer_settings* ostiary_issuer_settings_ref(ostiary_issuer_settings* settings);
OSTIARY_API void ostiary_issuer_settings_unref(ostiary_issuer_settings* settings);
/** The values of iss that these settings are for: one, for Google two. */
OSTIARY_API size_t ostiary_issuer_settings_issuer_count(const ostiary_issuer_settings* settings);
/** Absent when out of range. Borrows the settings. */
OSTIARY_API ostiary_bytes ostiary_issuer_settings_issuer_at(const ostiary_issuer_settings* settings, size_t index);

/* ---- verify --------------------------------------------------------------------------------------------- */

/** Verifies the tokens of the issuers it trusts. Immutable. */
typedef struct ostiary_verifier ostiary_verifier;

/** For one issuer. Reasons: USAGE_ARGUMENT (empty issuer, audience or algorithm list, unknown algorithm),
 *  USAGE_STRUCT_SIZE, USAGE_UNKNOWN_OPTION, NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_verifier_new(const ostiary_verifier_options* options, ostiary_key_set* keys,
                                                ostiary_verifier** out, ostiary_error* error);

/** An issuer and the keys it has now. Without keys its tokens are refused with TOKEN_ISSUER_KEYS. */
typedef struct ostiary_trusted_issuer {
  const ostiary_issuer_settings* settings;
  ostiary_key_set* keys;        /**< NULL: none have come yet, or the algorithms are those of secrets */
  ostiary_secret_keys* secrets; /**< NULL unless they are */
} ostiary_trusted_issuer;

/** Remembers what tokens proved, so that their signatures need not be checked again; the dates, the policy, the keys and
 *  the revocation list are. Several verifiers may share one. Synchronised. */
typedef struct ostiary_token_cache ostiary_token_cache;

typedef struct ostiary_token_cache_options {
  uint32_t struct_size;
  uint32_t flags;          /**< must be 0 */
  uint64_t memory_size;    /**< bytes, all that the cache ever holds; 0: 16 MiB */
  uint64_t entry_size_max; /**< bytes of one entry, about two and a half times the token; 0: 8 KiB; at least 512 */
  ostiary_bytes secret;    /**< required: at least 16 random bytes, which decide where entries lie */
} ostiary_token_cache_options;

#define OSTIARY_TOKEN_CACHE_OPTIONS_INIT \
  { sizeof(ostiary_token_cache_options), 0, 0, 0, {NULL, 0} }

/** Takes all of its memory. Reasons: USAGE_ARGUMENT, USAGE_STRUCT_SIZE, USAGE_UNKNOWN_OPTION, NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_token_cache_new(const ostiary_token_cache_options* options,
                                                   ostiary_token_cache** out, ostiary_error* error);
OSTIARY_API ostiary_token_cache* ostiary_token_cache_ref(ostiary_token_cache* cache);
OSTIARY_API void ostiary_token_cache_unref(ostiary_token_cache* cache);
/** Empties the cache. Not needed when keys rotate or something is revoked. */
OSTIARY_API void ostiary_token_cache_clear(ostiary_token_cache* cache);

/** Counts since the cache was made. Filled up to struct_size. */
typedef struct ostiary_token_cache_stats {
  uint32_t struct_size;
  uint32_t reserved;
  uint64_t capacity;   /**< entries there is room for */
  uint64_t hits;       /**< answered from an entry */
  uint64_t misses;     /**< no entry for this token and this verifier */
  uint64_t expired;    /**< an entry was found whose time was over */
  uint64_t busy;       /**< another thread was in the way, and the signature was checked instead */
  uint64_t admissions; /**< entries made: a token is taken in when it verified for the second time */
  uint64_t evictions;  /**< entries that went for another before their time was over */
  uint64_t too_large;  /**< tokens that were good and did not fit an entry */
} ostiary_token_cache_stats;

#define OSTIARY_TOKEN_CACHE_STATS_INIT \
  { sizeof(ostiary_token_cache_stats), 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/** Not for the request path. Reasons: USAGE_ARGUMENT, USAGE_STRUCT_SIZE. */
OSTIARY_API ostiary_reason ostiary_token_cache_statistics(const ostiary_token_cache* cache,
                                                          ostiary_token_cache_stats* out);

/** What a verifier is made of. It holds references to everything. */
typedef struct ostiary_verifier_parts {
  uint32_t struct_size;
  uint32_t flags;                        /**< must be 0 */
  const ostiary_trusted_issuer* issuers; /**< at least one; no two with the same iss */
  size_t issuer_count;
  ostiary_revocation_list* revoked;      /**< NULL: nothing is revoked */
  ostiary_token_cache* cache;            /**< NULL: every signature is checked */
} ostiary_verifier_parts;

#define OSTIARY_VERIFIER_PARTS_INIT \
  { sizeof(ostiary_verifier_parts), 0, NULL, 0, NULL, NULL }

/** Reasons: USAGE_ARGUMENT (error->message names the member), USAGE_STRUCT_SIZE, USAGE_UNKNOWN_OPTION, NO_MEMORY,
 *  INTERNAL. */
OSTIARY_API ostiary_reason ostiary_verifier_from_parts(const ostiary_verifier_parts* parts, ostiary_verifier** out,
                                                       ostiary_error* error);
/* The same verifier with one part exchanged: what a host makes when keys rotate or something is revoked. The old one
 * goes on as it was. Reasons: USAGE_ARGUMENT, NO_MEMORY, INTERNAL. */

/** `issuer` is the index in the issuers it was made of; 0 for ostiary_verifier_new. NULL takes the keys away. */
OSTIARY_API ostiary_reason ostiary_verifier_with_keys(const ostiary_verifier* verifier, size_t issuer,
                                                      ostiary_key_set* keys, ostiary_verifier** out,
                                                      ostiary_error* error);
/** The same for secrets. */
OSTIARY_API ostiary_reason ostiary_verifier_with_secrets(const ostiary_verifier* verifier, size_t issuer,
                                                         ostiary_secret_keys* secrets, ostiary_verifier** out,
                                                         ostiary_error* error);
/** NULL: nothing is revoked. */
OSTIARY_API ostiary_reason ostiary_verifier_with_revocation(const ostiary_verifier* verifier,
                                                            ostiary_revocation_list* revoked, ostiary_verifier** out,
                                                            ostiary_error* error);
OSTIARY_API ostiary_verifier* ostiary_verifier_ref(ostiary_verifier* verifier);
OSTIARY_API void ostiary_verifier_unref(ostiary_verifier* verifier);

/** What a verified token proves, and the memory for it; use it again for the next. Confined. */
typedef struct ostiary_identity ostiary_identity;

OSTIARY_API ostiary_reason ostiary_identity_new(ostiary_identity** out, ostiary_error* error);
OSTIARY_API void ostiary_identity_free(ostiary_identity* identity);

/** OK when the token is good at `now_s` (seconds since 1970), and `identity` holds its claims; otherwise the
 *  Reason for its refusal, and `identity` is empty. Reasons: all TOKEN_*, USAGE_*, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_verifier_verify(const ostiary_verifier* verifier, ostiary_bytes token,
                                                   int64_t now_s, ostiary_identity* identity, ostiary_error* error);

/** What the host knows about one presentation of a token. Views that are absent ask nothing. */
typedef struct ostiary_token_facts {
  uint32_t struct_size;
  uint32_t flags;             /**< must be 0 */
  int64_t now_s;              /**< seconds since 1970 */
  ostiary_bytes nonce;        /**< ID token: the one sent with the login, which the token must then hold */
  ostiary_bytes access_token; /**< ID token: issued with it; at_hash must then be there and belong to it */
  ostiary_bytes code;         /**< ID token: the authorization code; c_hash must then be there and belong to it */
} ostiary_token_facts;

#define OSTIARY_TOKEN_FACTS_INIT \
  { sizeof(ostiary_token_facts), 0, 0, {NULL, 0}, {NULL, 0}, {NULL, 0} }

/** As ostiary_verifier_verify. Reasons: also USAGE_STRUCT_SIZE, USAGE_UNKNOWN_OPTION. */
OSTIARY_API ostiary_reason ostiary_verifier_verify_with(const ostiary_verifier* verifier, ostiary_bytes token,
                                                        const ostiary_token_facts* facts, ostiary_identity* identity,
                                                        ostiary_error* error);

/** One rule that a token fails. */
typedef struct ostiary_token_fault {
  ostiary_reason reason;
  uint32_t offset; /**< byte of the token where the part concerned begins */
} ostiary_token_fault;

#define OSTIARY_NO_ISSUER 0xffffffffU

/** What is known about an explained token besides its faults. Filled up to struct_size. */
typedef struct ostiary_explanation {
  uint32_t struct_size;
  uint32_t issuer;               /**< index of the one whose policy was asked, or OSTIARY_NO_ISSUER */
  uint32_t is_complete;          /**< 1 when the rules of the policy could be asked, 0 when the token is unreadable */
  uint32_t is_signature_checked; /**< 1 when a key was found and the signature checked; a wrong one is a fault */
} ostiary_explanation;

#define OSTIARY_EXPLANATION_INIT \
  { sizeof(ostiary_explanation), OSTIARY_NO_ISSUER, 0, 0 }

/** Every rule that a token fails, in the order in which verification asks them: the first is what
 *  ostiary_verifier_verify_with answers; none when the token is good. `capacity` faults are written to `faults`, and
 *  `count` is how many there are. `explanation` may be NULL. Off the request path: allocates, and asks everything.
 *  Reasons: USAGE_ARGUMENT, USAGE_STRUCT_SIZE, USAGE_UNKNOWN_OPTION, NO_MEMORY, INTERNAL. Pure. */
OSTIARY_API ostiary_reason ostiary_verifier_explain(const ostiary_verifier* verifier, ostiary_bytes token,
                                                    const ostiary_token_facts* facts, ostiary_token_fault* faults,
                                                    size_t capacity, size_t* count,
                                                    ostiary_explanation* explanation, ostiary_error* error);

/** The verified claims as the JSON text that was signed; absent when empty. Borrows the identity. */
OSTIARY_API ostiary_bytes ostiary_identity_claims_json(const ostiary_identity* identity);
/** The claims as a flat image (include/ostiary/token/identity.hpp). Borrows the identity. */
OSTIARY_API ostiary_bytes ostiary_identity_image(const ostiary_identity* identity);
/** A claim whose value is a string; absent otherwise. Borrows the identity. */
OSTIARY_API ostiary_bytes ostiary_identity_text_claim(const ostiary_identity* identity, ostiary_bytes name);
/** The scopes of the token, in its order; absent when out of range. Borrows the identity. */
OSTIARY_API size_t ostiary_identity_scope_count(const ostiary_identity* identity);
OSTIARY_API ostiary_bytes ostiary_identity_scope_at(const ostiary_identity* identity, size_t index);

/** What a token demands of its sender (RFC 7800). */
typedef int32_t ostiary_confirmation;
#define OSTIARY_SENDER_ANY 0
#define OSTIARY_SENDER_BOUND 1   /**< to a key, a certificate or both */
#define OSTIARY_SENDER_UNKNOWN 2 /**< in a way that no sender can satisfy */

OSTIARY_API ostiary_confirmation ostiary_identity_confirmation(const ostiary_identity* identity);
/** base64url of the SHA-256 that the sender's key (RFC 7638), or certificate in DER, must have; absent when the token
 *  demands none. Verifying a token does not ask who sends it. Borrow the identity. */
OSTIARY_API ostiary_bytes ostiary_identity_key_thumbprint(const ostiary_identity* identity);
OSTIARY_API ostiary_bytes ostiary_identity_certificate_thumbprint(const ostiary_identity* identity);

/* ---- who sends a token ------------------------------------------------------------------------------------ */

/** Nonces for DPoP proofs (RFC 9449 section 8): a MAC of the time, so that nothing is stored. Immutable. */
typedef struct ostiary_dpop_nonces ostiary_dpop_nonces;

#define OSTIARY_DPOP_NONCE_SIZE 43

/** `secret` is 32 random bytes; a nonce is good for one to two steps of `step_s` seconds. Reasons: USAGE_ARGUMENT,
 *  NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_dpop_nonces_new(ostiary_bytes secret, int64_t step_s, ostiary_dpop_nonces** out,
                                                   ostiary_error* error);
OSTIARY_API ostiary_dpop_nonces* ostiary_dpop_nonces_ref(ostiary_dpop_nonces* nonces);
OSTIARY_API void ostiary_dpop_nonces_unref(ostiary_dpop_nonces* nonces);
/** The value of a DPoP-Nonce field, written to `memory`, which it borrows. Reasons: USAGE_ARGUMENT,
 *  USAGE_SCRATCH_TOO_SMALL, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_dpop_nonces_write(const ostiary_dpop_nonces* nonces, int64_t now_s, char* memory,
                                                     size_t memory_size, ostiary_bytes* out, ostiary_error* error);

/** Remembers in this process which proofs were used. Of fixed size: full, it refuses with DPOP_REPLAY_UNKNOWN.
 *  Synchronised. */
typedef struct ostiary_replay_memory ostiary_replay_memory;

/** For `proofs` proofs within one window, that is age_max_s and twice clock_skew_s. `secret` is 32 random bytes. Proofs
 *  that were issued at `forgotten_until_s` or before are not known: give the time of the start where there was an
 *  earlier process, else 0. Reasons: USAGE_ARGUMENT, NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_replay_memory_new(size_t proofs, ostiary_bytes secret, int64_t forgotten_until_s,
                                                     ostiary_replay_memory** out, ostiary_error* error);
OSTIARY_API ostiary_replay_memory* ostiary_replay_memory_ref(ostiary_replay_memory* memory);
OSTIARY_API void ostiary_replay_memory_unref(ostiary_replay_memory* memory);
OSTIARY_API size_t ostiary_replay_memory_capacity(const ostiary_replay_memory* memory);

/** One use of a proof that is right in every other respect. The views live during the call. */
typedef struct ostiary_proof_use {
  ostiary_bytes key_thumbprint;
  ostiary_bytes id; /**< jti: unique among the proofs of one key only */
  int64_t issued_at_s;
  int64_t now_s;
  int64_t refused_from_s; /**< it may be forgotten then */
} ostiary_proof_use;

typedef int32_t ostiary_replay_answer;
#define OSTIARY_REPLAY_UNKNOWN 0 /**< cannot be told: refused */
#define OSTIARY_REPLAY_FRESH 1   /**< never used before; from now on it has been */
#define OSTIARY_REPLAY_SEEN 2

/** A store that several processes share. Called by many threads at once; of two calls for the same proof exactly one
 *  may be told FRESH. Must not throw. */
typedef ostiary_replay_answer (*ostiary_replay_record)(const ostiary_proof_use* use, void* user);

#define OSTIARY_SENDER_REPLAY_UNCHECKED 1 /**< without a store: a proof may be used again until it is too old */

/** What a door asks of senders. It holds references. One of `replay`, `record` and REPLAY_UNCHECKED is needed. */
typedef struct ostiary_sender_options {
  uint32_t struct_size;
  uint32_t flags;                  /**< 0 or OSTIARY_SENDER_REPLAY_UNCHECKED */
  const ostiary_bytes* algorithms; /**< of DPoP proofs; at least one, none with secrets */
  size_t algorithm_count;
  int64_t age_max_s;               /**< of a proof since iat: 0 to 86400 */
  int64_t clock_skew_s;            /**< 0 to 86400 */
  ostiary_dpop_nonces* nonces;     /**< NULL: no nonce is asked for */
  ostiary_replay_memory* replay;
  ostiary_replay_record record;    /**< instead of `replay` */
  void* record_user;
} ostiary_sender_options;

#define OSTIARY_SENDER_OPTIONS_INIT \
  { sizeof(ostiary_sender_options), 0, NULL, 0, 60, 5, NULL, NULL, NULL, NULL }

/** Immutable. */
typedef struct ostiary_sender_policy ostiary_sender_policy;

/** Reasons: USAGE_ARGUMENT (error->message names the member), USAGE_STRUCT_SIZE, USAGE_UNKNOWN_OPTION, NO_MEMORY,
 *  INTERNAL. */
OSTIARY_API ostiary_reason ostiary_sender_policy_new(const ostiary_sender_options* options, ostiary_sender_policy** out,
                                                     ostiary_error* error);
OSTIARY_API ostiary_sender_policy* ostiary_sender_policy_ref(ostiary_sender_policy* policy);
OSTIARY_API void ostiary_sender_policy_unref(ostiary_sender_policy* policy);

/** What the host knows about the connection, where that is more than the request tells. */
typedef struct ostiary_sender_facts {
  uint32_t struct_size;
  uint32_t flags;                   /**< must be 0 */
  ostiary_scheme scheme;            /**< by which the client came; UNKNOWN: as it was inspected */
  uint32_t reserved;                /**< must be 0 */
  ostiary_bytes authority;          /**< host and perhaps a port as the client knows them; {NULL, 0}: as in the request */
  ostiary_bytes certificate_sha256; /**< of the client certificate in DER, 32 raw bytes; {NULL, 0}: there is none */
} ostiary_sender_facts;

#define OSTIARY_SENDER_FACTS_INIT \
  { sizeof(ostiary_sender_facts), 0, OSTIARY_SCHEME_UNKNOWN, 0, {NULL, 0}, {NULL, 0} }

/** Verifies the access token that a complete inspection carries, and that whoever sends it is the one it is bound to:
 *  by a DPoP proof (RFC 9449), by a client certificate (RFC 8705), or by nothing. On failure `identity` is empty.
 *  `sender_facts` may be NULL. The first such call with an identity allocates; importing a sender's key does too.
 *  Reasons: all CREDENTIAL_* (error->offset is a byte of the head), TOKEN_* (of the token), DPOP_*, CERTIFICATE_*,
 *  CONFIRMATION_UNKNOWN, USAGE_* (also when nobody tells the scheme), NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_verifier_verify_request(const ostiary_verifier* verifier,
                                                           const ostiary_sender_policy* policy,
                                                           const ostiary_inspection* inspection,
                                                           const ostiary_token_facts* facts,
                                                           const ostiary_sender_facts* sender_facts,
                                                           ostiary_identity* identity, ostiary_error* error);

#define OSTIARY_CHALLENGE_SIZE_MAX 384

/** The value of a WWW-Authenticate field for a Reason, written to `memory`, which it borrows: absent for one whose
 *  status is not 401. It tells an error code and never the Reason; DPOP_NONCE wants a DPoP-Nonce field beside it.
 *  Reasons: USAGE_ARGUMENT, USAGE_SCRATCH_TOO_SMALL. */
OSTIARY_API ostiary_reason ostiary_sender_policy_challenge(const ostiary_sender_policy* policy,
                                                           const ostiary_inspection* inspection, ostiary_reason reason,
                                                           char* memory, size_t memory_size, ostiary_bytes* out,
                                                           ostiary_error* error);

/* ---- gate ----------------------------------------------------------------------------------------------- */

/** A compiled policy. Immutable. */
typedef struct ostiary_gate ostiary_gate;

/** Compiles the JSON of docs/language.md. On failure `error` has line and column of the first error.
 *  Reasons: all GATE_*, USAGE_ARGUMENT, NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_gate_from_json(ostiary_bytes json, ostiary_gate** out, ostiary_error* error);
/** Loads a compiled image; the bytes are copied. Reasons: IMAGE_FORMAT, IMAGE_DAMAGED, USAGE_ARGUMENT, NO_MEMORY. */
OSTIARY_API ostiary_reason ostiary_gate_from_image(ostiary_bytes image, ostiary_gate** out, ostiary_error* error);
/** Which images load. */
typedef struct ostiary_gate_trust {
  uint32_t struct_size;
  uint32_t flags;                 /**< must be 0 */
  const ostiary_bytes* keys;      /**< Ed25519, each a PEM block PUBLIC KEY: whoever holds the private key may make gates */
  size_t key_count;               /**< 0: no image loads */
  uint64_t version_min;           /**< the oldest version that still loads */
  ostiary_bytes boundary;         /**< OSTIARY_BOUNDARY_HASH_SIZE bytes: it was proved inside this one; {NULL, 0}: not asked */
  const ostiary_bytes* reviewer_keys; /**< as `keys`: inside one that at least one of these has reviewed */
  size_t reviewer_key_count;      /**< 0: not asked */
  uint32_t reviews_min;           /**< how many of reviewer_keys must have; 0: one, if there is any */
  uint32_t reserved;              /**< must be 0 */
} ostiary_gate_trust;

#define OSTIARY_BOUNDARY_HASH_SIZE 32

#define OSTIARY_GATE_TRUST_INIT \
  { sizeof(ostiary_gate_trust), 0, NULL, 0, 0, { NULL, 0 }, NULL, 0, 0, 0 }

/** From an image that one of these keys signed; docs/boundaries.md explains the rest of `trust`. Reasons: USAGE_ARGUMENT, USAGE_STRUCT_SIZE, USAGE_UNKNOWN_OPTION, KEY_PEM,
 *  KEY_PRIVATE, KEY_TYPE, KEY_POINT, KEY_MEMBER (error->offset is the index of the key), IMAGE_FORMAT, IMAGE_DAMAGED,
 *  IMAGE_UNSIGNED, IMAGE_SIGNATURE, IMAGE_ROLLBACK, IMAGE_UNPROVED, IMAGE_BOUNDARY, IMAGE_REVIEW, NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_gate_from_signed_image(ostiary_bytes image, const ostiary_gate_trust* trust,
                                                          ostiary_gate** out, ostiary_error* error);
/** The same gate with the signature of this key, in place of any it had. The key is an Ed25519 PEM block PRIVATE KEY
 *  without password; ostiary gate keygen makes one. Reasons: USAGE_ARGUMENT, KEY_PEM, KEY_TYPE, NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_gate_sign(const ostiary_gate* gate, ostiary_bytes private_pem, ostiary_gate** out,
                                             ostiary_error* error);
OSTIARY_API ostiary_gate* ostiary_gate_ref(ostiary_gate* gate);
OSTIARY_API void ostiary_gate_unref(ostiary_gate* gate);
/** The image: the same for the same JSON on every platform. Borrows the gate. */
OSTIARY_API ostiary_bytes ostiary_gate_image(const ostiary_gate* gate);
/** The name given in the JSON. Borrows the gate. */
OSTIARY_API ostiary_bytes ostiary_gate_name(const ostiary_gate* gate);
/** The hash of the boundary that the image says it was proved inside of: OSTIARY_BOUNDARY_HASH_SIZE bytes, absent when it
 *  says nothing. Only ostiary_gate_from_signed_image checks it. Borrows the gate. */
OSTIARY_API ostiary_bytes ostiary_gate_boundary(const ostiary_gate* gate);
/** Grows from each gate to the next of the same name; 0 when the JSON gives none. */
OSTIARY_API uint64_t ostiary_gate_version(const ostiary_gate* gate);
/** Rules that some route of the gate waives, in ascending order: what to inspect with before such a request is emitted;
 *  OK when out of range. */
OSTIARY_API size_t ostiary_gate_waived_count(const ostiary_gate* gate);
OSTIARY_API ostiary_reason ostiary_gate_waived_at(const ostiary_gate* gate, size_t index);
OSTIARY_API size_t ostiary_gate_issuer_count(const ostiary_gate* gate);
/** Id of issuer `index`, for which keys can be given; absent when out of range. Borrows the gate. */
OSTIARY_API ostiary_bytes ostiary_gate_issuer_id_at(const ostiary_gate* gate, size_t index);
/** Its iss value; absent when out of range. Borrows the gate. */
OSTIARY_API ostiary_bytes ostiary_gate_issuer_at(const ostiary_gate* gate, size_t index);

typedef int32_t ostiary_report_form;
#define OSTIARY_REPORT_TEXT 1 /**< an outline for people, in ASCII */
#define OSTIARY_REPORT_JSON 2 /**< the same for programs; members are added, never renamed */

/** What is said about something at length. Confined. */
typedef struct ostiary_report ostiary_report;

OSTIARY_API void ostiary_report_free(ostiary_report* report);
/** The text or JSON, with a line break at its end. Borrows the report. */
OSTIARY_API ostiary_bytes ostiary_report_text(const ostiary_report* report);

/** Everything that the gate's image holds, in the words of docs/language.md; equal images give equal reports.
 *  Not for the request path. Reasons: USAGE_ARGUMENT, NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_gate_report(const ostiary_gate* gate, ostiary_report_form form,
                                               ostiary_report** out, ostiary_error* error);

/** Whose reviews of a boundary count. */
typedef struct ostiary_review_trust {
  uint32_t struct_size;
  uint32_t flags;            /**< must be 0 */
  const ostiary_bytes* keys; /**< Ed25519, each a PEM block PUBLIC KEY */
  size_t key_count;          /**< 0: nobody's */
  uint32_t reviews_min;      /**< how many of them must have signed; 0 is taken as 1 */
  uint32_t reserved;         /**< must be 0 */
} ostiary_review_trust;

#define OSTIARY_REVIEW_TRUST_INIT \
  { sizeof(ostiary_review_trust), 0, NULL, 0, 0, 0 }

/** Writes OSTIARY_BOUNDARY_HASH_SIZE bytes, zeros on failure: the hash of a boundary, which is the JSON of a gate. On
 *  failure `error` has line and column. Reasons: all GATE_*, USAGE_ARGUMENT, NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_boundary_hash(ostiary_bytes json, uint8_t* out, ostiary_error* error);
/** The receipt, JSON, with a review of the boundary by this key besides those that `receipt` has; absent or empty: there
 *  are none yet. The key is as ostiary_gate_sign takes it; `date_s` counts from 1970.
 *  Reasons: all GATE_*, RECEIPT_FORMAT, RECEIPT_BOUNDARY, KEY_PEM, KEY_TYPE, USAGE_ARGUMENT, NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_boundary_review(ostiary_bytes json, ostiary_bytes private_pem, int64_t date_s,
                                                   ostiary_bytes receipt, ostiary_report** out, ostiary_error* error);
/** OK when enough trusted reviewers have signed this boundary. Reasons: all GATE_*, RECEIPT_FORMAT, RECEIPT_BOUNDARY,
 *  RECEIPT_REVIEW, KEY_* as in ostiary_gate_from_signed_image, USAGE_ARGUMENT, USAGE_STRUCT_SIZE, USAGE_UNKNOWN_OPTION,
 *  NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_boundary_check(ostiary_bytes json, ostiary_bytes receipt,
                                                  const ostiary_review_trust* trust, ostiary_error* error);
/** As ostiary_gate_from_json, where the gate is proved to stay inside the boundary and enough trusted reviewers have
 *  signed that; the image says so. Not for the request path. Reasons: those of both, GATE_OUTSIDE, GATE_NOT_PROVED. */
OSTIARY_API ostiary_reason ostiary_gate_from_json_within(ostiary_bytes json, ostiary_bytes boundary_json,
                                                         ostiary_bytes receipt, const ostiary_review_trust* trust,
                                                         ostiary_gate** out, ostiary_error* error);

/** What to do besides running the tests of a gate. */
typedef struct ostiary_gate_test_options {
  uint32_t struct_size;
  uint32_t flags;       /**< OSTIARY_GATE_TEST_*, or 0 */
  uint32_t mutants_max; /**< of OSTIARY_GATE_TEST_MUTANTS, at most; 0: 1000 */
  uint32_t reserved;    /**< must be 0 */
} ostiary_gate_test_options;

#define OSTIARY_GATE_TEST_MUTANTS 1 /**< try the table on gates that differ in one thing */

#define OSTIARY_GATE_TEST_OPTIONS_INIT \
  { sizeof(ostiary_gate_test_options), 0, 0, 0 }

/** Runs a table of tests on the JSON of a gate; docs/gate-tests.md explains the table and the report, which is JSON. No
 *  keys are needed: the table has identities as claims. A gate or a table with faults is a report of these. `options`
 *  may be NULL. Not for the request path.
 *  Reasons: USAGE_ARGUMENT, USAGE_STRUCT_SIZE, USAGE_UNKNOWN_OPTION, NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_gate_test(ostiary_bytes gate_json, ostiary_bytes table_json,
                                             const ostiary_gate_test_options* options, ostiary_report** out,
                                             ostiary_error* error);

/* ---- rate limits ---------------------------------------------------------------------------------------- */

/** Buckets for keys, in memory of its own: the generic cell rate algorithm. However many keys come, nobody ever gets
 *  more than the quota. Engines, and engines of different gates, may share one. Synchronised. */
typedef struct ostiary_rate_limiter ostiary_rate_limiter;

/** `keys`: that are not full at once; then about one of a hundred has to share a bucket. Some 37 bytes for each, taken
 *  now. `secret`: 16 random bytes. Reasons: USAGE_ARGUMENT, NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_rate_limiter_new(size_t keys, ostiary_bytes secret, ostiary_rate_limiter** out,
                                                    ostiary_error* error);
OSTIARY_API ostiary_rate_limiter* ostiary_rate_limiter_ref(ostiary_rate_limiter* limiter);
OSTIARY_API void ostiary_rate_limiter_unref(ostiary_rate_limiter* limiter);

/** `limit` in `period_ms`, evenly, after at most `burst` at once. None may be 0. */
typedef struct ostiary_rate_quota {
  uint32_t limit;
  uint32_t period_ms;
  uint32_t burst;
  uint32_t cost; /**< of this take: 1 for a request, 0 only asks */
} ostiary_rate_quota;

/** The answer to one take; times hold if nobody takes from the bucket meanwhile. */
typedef struct ostiary_rate_verdict {
  uint32_t allowed;        /**< 0 or 1 */
  uint32_t remaining;      /**< how many more of cost 1 would be allowed now */
  uint64_t retry_after_ns; /**< until the same take would be allowed; 0 when it was; UINT64_MAX: never */
  uint64_t reset_after_ns; /**< until the bucket is full again */
} ostiary_rate_verdict;

/** Takes the cost, or nothing at all. A limiter that is NULL and a quota that is not valid allow nothing. `now_ns` counts
 *  from any moment that stays the same; ostiary_engine_decide_* count from 1970. */
OSTIARY_API ostiary_rate_verdict ostiary_rate_limiter_take(ostiary_rate_limiter* limiter, ostiary_bytes key,
                                                           ostiary_rate_quota quota, uint64_t now_ns);

/* ---- decide --------------------------------------------------------------------------------------------- */

/** The keys of one of the gate's issuers. */
typedef struct ostiary_issuer_keys {
  ostiary_bytes issuer_id; /**< the id in the gate, not the iss value */
  ostiary_key_set* keys;
} ostiary_issuer_keys;

/** A gate joined with the keys of its issuers. Immutable. */
typedef struct ostiary_engine ostiary_engine;

/** The engine holds references to gate and keys. Tokens of an issuer without keys are refused.
 *  Reasons: USAGE_ARGUMENT, USAGE_ISSUER_UNKNOWN, NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_engine_new(ostiary_gate* gate, const ostiary_issuer_keys* keys, size_t key_count,
                                              ostiary_engine** out, ostiary_error* error);

/** What an engine is made of. It holds references to everything. */
typedef struct ostiary_engine_parts {
  uint32_t struct_size;
  uint32_t flags;                    /**< must be 0 */
  ostiary_gate* gate;
  const ostiary_issuer_keys* keys;
  size_t key_count;
  ostiary_revocation_list* revoked;  /**< NULL: nothing is revoked */
  ostiary_token_cache* cache;        /**< NULL: every signature is checked */
  ostiary_rate_limiter* rate_limiter; /**< takes what allowed requests count under, and RATE_LIMITED denies what is over
                                        *  the limit; NULL: the caller takes, see ostiary_decision_rate */
} ostiary_engine_parts;

#define OSTIARY_ENGINE_PARTS_INIT \
  { sizeof(ostiary_engine_parts), 0, NULL, NULL, 0, NULL, NULL, NULL }

/** Reasons: USAGE_ARGUMENT (error->message names the member), USAGE_STRUCT_SIZE, USAGE_UNKNOWN_OPTION,
 *  USAGE_ISSUER_UNKNOWN, NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_engine_from_parts(const ostiary_engine_parts* parts, ostiary_engine** out,
                                                     ostiary_error* error);
/* The same engine with one part exchanged: what a host makes when keys rotate, something is revoked or the policy
 * changes. The old one goes on as it was: decisions under way finish with it. Reasons: USAGE_ARGUMENT, NO_MEMORY,
 * INTERNAL. */

/** Other keys for these issuers; the others keep theirs. Also USAGE_ISSUER_UNKNOWN. */
OSTIARY_API ostiary_reason ostiary_engine_with_keys(const ostiary_engine* engine, const ostiary_issuer_keys* keys,
                                                    size_t key_count, ostiary_engine** out, ostiary_error* error);
/** NULL: nothing is revoked. */
OSTIARY_API ostiary_reason ostiary_engine_with_revocation(const ostiary_engine* engine, ostiary_revocation_list* revoked,
                                                          ostiary_engine** out, ostiary_error* error);
/** An issuer keeps its keys where the other gate has it with the same id and the same iss. Also IMAGE_ROLLBACK: the
 *  version of that gate is lower than that of this engine's. */
OSTIARY_API ostiary_reason ostiary_engine_with_gate(const ostiary_engine* engine, ostiary_gate* gate,
                                                    ostiary_engine** out, ostiary_error* error);
OSTIARY_API ostiary_engine* ostiary_engine_ref(ostiary_engine* engine);
OSTIARY_API void ostiary_engine_unref(ostiary_engine* engine);

/** What the host knows besides the bytes. */
typedef struct ostiary_facts {
  uint32_t struct_size;
  uint32_t flags;     /**< must be 0 */
  int64_t now_s;      /**< seconds since 1970-01-01T00:00:00Z */
  ostiary_bytes peer; /**< IP address of the other end as text; {NULL, 0} when unknown */
  ostiary_scheme scheme; /**< by which the client reached the service; UNKNOWN leaves it to the request */
  uint32_t now_ns;       /**< nanoseconds beyond now_s, below 10^9: only rate limits look at them */
  ostiary_bytes authority;          /**< host and perhaps port, where that is not the Host; {NULL, 0} otherwise */
  ostiary_bytes certificate_sha256; /**< of the client certificate in DER: 32 bytes; {NULL, 0} when there is none */
  const ostiary_bytes* true_flags;  /**< names of the gate's flags that are true; all others are false */
  size_t true_flag_count;           /**< at most OSTIARY_FLAGS_MAX */
} ostiary_facts;

/** Flags that a gate may declare. */
#define OSTIARY_FLAGS_MAX 64

#define OSTIARY_FACTS_INIT \
  { sizeof(ostiary_facts), 0, 0, {NULL, 0}, OSTIARY_SCHEME_UNKNOWN, 0, {NULL, 0}, {NULL, 0}, NULL, 0 }

typedef int32_t ostiary_effect;
#define OSTIARY_EFFECT_DENY 0
#define OSTIARY_EFFECT_ALLOW 1

typedef int32_t ostiary_header_edit_kind;
#define OSTIARY_HEADER_REMOVE 1 /**< remove every field of this name from the request */
#define OSTIARY_HEADER_SET 2    /**< put this one in the place of every field of this name */
#define OSTIARY_HEADER_APPEND 3 /**< add this one behind the fields of this name */
#define OSTIARY_HEADER_RENAME 4 /**< give every field of this name the name in `value`, in the place of its fields */

typedef struct ostiary_header_edit {
  ostiary_header_edit_kind kind;
  uint32_t reserved;
  ostiary_bytes name;  /**< lower case */
  ostiary_bytes value; /**< absent for REMOVE */
} ostiary_header_edit;

/** Holds one decision and the memory for it; use it again for the next request. Starts as DENY. Confined. */
typedef struct ostiary_decision ostiary_decision;

OSTIARY_API ostiary_reason ostiary_decision_new(ostiary_decision** out, ostiary_error* error);
OSTIARY_API void ostiary_decision_free(ostiary_decision* decision);

/** Inspects, verifies and decides. OK whatever the verdict. The views of `decision` borrow the engine, the
 *  request buffer, the facts and the decision. Reasons: USAGE_*, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_engine_decide_bytes(const ostiary_engine* engine, ostiary_bytes head,
                                                       const ostiary_facts* facts, ostiary_decision* decision,
                                                       ostiary_error* error);
OSTIARY_API ostiary_reason ostiary_engine_decide_fields(const ostiary_engine* engine, const ostiary_head* head,
                                                        const ostiary_facts* facts, ostiary_decision* decision,
                                                        ostiary_error* error);

/** Why the engine decides about a request as it does: every stage, every rule that was asked, every condition and what
 *  the request had, never a credential; see docs/explain.md. With the `source` that the gate was compiled from, places
 *  in it are told; {NULL, 0} without. Takes nothing from a rate limiter. Not for the request path. Reasons: USAGE_*
 *  (USAGE_ARGUMENT also: the source of another gate), all GATE_* (of the source), NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_engine_explain_bytes(const ostiary_engine* engine, ostiary_bytes head,
                                                        const ostiary_facts* facts, ostiary_bytes source,
                                                        ostiary_report_form form, ostiary_report** out,
                                                        ostiary_error* error);
OSTIARY_API ostiary_reason ostiary_engine_explain_fields(const ostiary_engine* engine, const ostiary_head* head,
                                                         const ostiary_facts* facts, ostiary_bytes source,
                                                         ostiary_report_form form, ostiary_report** out,
                                                         ostiary_error* error);

OSTIARY_API ostiary_effect ostiary_decision_effect(const ostiary_decision* decision);
OSTIARY_API ostiary_reason ostiary_decision_reason(const ostiary_decision* decision);
/** Status to answer with when the request is not forwarded. */
OSTIARY_API uint32_t ostiary_decision_http_status(const ostiary_decision* decision);
/** Byte of the request head that the Reason speaks of. */
OSTIARY_API uint32_t ostiary_decision_offset(const ostiary_decision* decision);
OSTIARY_API ostiary_bytes ostiary_decision_route(const ostiary_decision* decision);
OSTIARY_API ostiary_bytes ostiary_decision_rule(const ostiary_decision* decision);
OSTIARY_API ostiary_bytes ostiary_decision_origin(const ostiary_decision* decision);
OSTIARY_API size_t ostiary_decision_header_count(const ostiary_decision* decision);
/** Edit `index` in order of application; kind 0 when out of range. */
OSTIARY_API ostiary_header_edit ostiary_decision_header_at(const ostiary_decision* decision, size_t index);
/** What a condition is about. */
typedef int32_t ostiary_dimension;
#define OSTIARY_DIMENSION_NONE 0
#define OSTIARY_DIMENSION_METHOD 1
#define OSTIARY_DIMENSION_SCHEME 2
#define OSTIARY_DIMENSION_HOST 3
#define OSTIARY_DIMENSION_PATH 4
#define OSTIARY_DIMENSION_QUERY 5
#define OSTIARY_DIMENSION_HEADER 6
#define OSTIARY_DIMENSION_CLIENT 7
#define OSTIARY_DIMENSION_TIME 8
#define OSTIARY_DIMENSION_FLAG 9
#define OSTIARY_DIMENSION_IDENTITY 10 /**< there is none */
#define OSTIARY_DIMENSION_ISSUER 11
#define OSTIARY_DIMENSION_AUDIENCE 12
#define OSTIARY_DIMENSION_SCOPE 13
#define OSTIARY_DIMENSION_TOKEN_AGE 14
#define OSTIARY_DIMENSION_CLAIM 15

/** As the language calls it ("token_age"); absent for NONE and unknown numbers. Static. */
OSTIARY_API ostiary_bytes ostiary_dimension_name(ostiary_dimension dimension);

/** For CREDENTIAL_MISSING and RULE_NO_MATCH: the id of the rule that came closest to allowing, and the first thing that
 *  it failed on in `dimension`, which may be NULL. Absent and NONE when no rule allows anything on the route. */
OSTIARY_API ostiary_bytes ostiary_decision_nearest_rule(const ostiary_decision* decision, ostiary_dimension* dimension);

/** The role of AWS that an allowed request may act in. */
typedef struct ostiary_role {
  ostiary_bytes id; /**< of the mapping; absent when there is no role */
  ostiary_bytes role_arn;
  ostiary_bytes session_name;
  uint32_t duration_s; /**< never beyond the token's expiry; STS makes no session shorter than 900 */
  uint32_t reserved;
} ostiary_role;

OSTIARY_API ostiary_role ostiary_decision_role(const ostiary_decision* decision);
OSTIARY_API size_t ostiary_decision_session_tag_count(const ostiary_decision* decision);
/** Tag `index` in order of key; absent when out of range. */
OSTIARY_API ostiary_pair ostiary_decision_session_tag_at(const ostiary_decision* decision, size_t index);

/** Path and query to forward in place of the request's; absent when they stay. ostiary_inspection_emit uses it. */
OSTIARY_API ostiary_bytes ostiary_decision_target(const ostiary_decision* decision);

/** How the origin of an allowed request is reached, besides its address. 0 leaves a time to the host. */
typedef struct ostiary_hop {
  ostiary_bytes shield; /**< name of a place in between; absent when there is none */
  uint32_t connect_timeout_ms;
  uint32_t first_byte_timeout_ms;
  uint32_t between_bytes_timeout_ms;
  uint32_t reserved;
} ostiary_hop;

OSTIARY_API ostiary_hop ostiary_decision_hop(const ostiary_decision* decision);

typedef int32_t ostiary_hop_signature;
#define OSTIARY_HOP_UNSIGNED 0
#define OSTIARY_HOP_MESSAGE_SIGNATURE 1 /**< HTTP message signature (RFC 9421) */
#define OSTIARY_HOP_SIGV4 2             /**< AWS Signature Version 4 */

/** How the caller signs the request that goes to the origin. */
typedef struct ostiary_hop_sign {
  ostiary_hop_signature with;
  uint32_t reserved;
  ostiary_bytes key;     /**< MESSAGE_SIGNATURE: its name, known to the caller */
  ostiary_bytes region;  /**< SIGV4, as the next */
  ostiary_bytes service;
} ostiary_hop_sign;

OSTIARY_API ostiary_hop_sign ostiary_decision_hop_sign(const ostiary_decision* decision);

typedef int32_t ostiary_cache_class;
#define OSTIARY_CACHE_NONE 0    /**< nobody keeps the answer */
#define OSTIARY_CACHE_PRIVATE 1 /**< the client alone */
#define OSTIARY_CACHE_SHARED 2  /**< the door, for everyone whose key is equal */

/** Who may keep the answer, and how long. */
typedef struct ostiary_cache_directive {
  ostiary_cache_class cache_class;
  uint32_t ttl_s;
  ostiary_bytes key; /**< SHARED only: bytes, equal only for requests with the same answer */
} ostiary_cache_directive;

OSTIARY_API ostiary_cache_directive ostiary_decision_cache(const ostiary_decision* decision);
OSTIARY_API size_t ostiary_decision_surrogate_key_count(const ostiary_decision* decision);
/** What the kept answer is purged by; absent when out of range. */
OSTIARY_API ostiary_bytes ostiary_decision_surrogate_key_at(const ostiary_decision* decision, size_t index);

/** What the request counts under. */
typedef struct ostiary_rate_charge {
  ostiary_bytes key; /**< bytes; absent when the route has no limit */
  uint32_t limit;    /**< requests in period_s, after at most burst at once */
  uint32_t period_s;
  uint32_t burst;
  uint32_t reserved;
} ostiary_rate_charge;

OSTIARY_API ostiary_rate_charge ostiary_decision_rate(const ostiary_decision* decision);

/** What to answer instead of forwarding. With 401 belongs the challenge of ostiary_sender_policy_challenge. */
typedef struct ostiary_answer {
  uint32_t status;        /**< as ostiary_decision_http_status */
  uint32_t allow_methods; /**< with 405: bit i for the method whose ostiary_method_name is that of i */
  uint32_t retry_after_s; /**< with 429 */
  uint32_t reserved;
  ostiary_bytes location; /**< of a redirect; absent when there is none */
} ostiary_answer;

OSTIARY_API ostiary_answer ostiary_decision_answer(const ostiary_decision* decision);
/** "GET" and so on for 0 to 8; absent for any other number. Static. */
OSTIARY_API ostiary_bytes ostiary_method_name(uint32_t method);

/** The whole decision as a flat image: equal decisions are equal bytes on every host. Borrows the decision. */
OSTIARY_API ostiary_bytes ostiary_decision_image(const ostiary_decision* decision);

/* ---- forward -------------------------------------------------------------------------------------------- */

/** All zero is the strictest there is. */
typedef struct ostiary_emit_options {
  uint32_t struct_size;
  uint32_t flags;                   /**< OSTIARY_EMIT_*, or'ed */
  const ostiary_reason* waived;     /**< what the route waives; a request that needs more is not emitted */
  size_t waived_count;
  const ostiary_decision* decision; /**< NULL, or one that allows: its target, and its edits before the others */
} ostiary_emit_options;

#define OSTIARY_EMIT_OPTIONS_INIT \
  { sizeof(ostiary_emit_options), 0, NULL, 0, NULL }

#define OSTIARY_EMIT_PEER_IS_TRUSTED 1        /**< fields that only a trusted hop may send are kept */
#define OSTIARY_EMIT_BODY_OF_UNKNOWN_LENGTH 2 /**< from HTTP/2 or HTTP/3: a body follows and is sent on in chunks */

/** Writes the head to forward, with its empty line, from what was verified: HTTP/1.1, the canonical path and Host, one
 *  framing field, the fields that may go on, the edits applied. `out` borrows the inspection until it is used again;
 *  absent on failure. Reasons: USAGE_HEADER_EDIT (error->offset is the index, edits of the decision first),
 *  USAGE_ARGUMENT (the inspection is not complete, the decision denies), USAGE_WAIVER, USAGE_STRUCT_SIZE,
 *  USAGE_UNKNOWN_OPTION, UPGRADE_WITH_BODY, the rule that was waived in the inspection and is not here,
 *  USAGE_HANDLE_POISONED, NO_MEMORY, INTERNAL. */
OSTIARY_API ostiary_reason ostiary_inspection_emit(ostiary_inspection* inspection, const ostiary_header_edit* edits,
                                                   size_t edit_count, const ostiary_emit_options* options,
                                                   ostiary_bytes* out, ostiary_error* error);

#ifdef __cplusplus
}
#endif

#endif
